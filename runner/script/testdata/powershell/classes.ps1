class C {
  [int]$N
  C([int]$n) { $this.N = $n }
  [string] Twice() { return "$($this.N * 2)" }
}
[C]::new(4).Twice(); enum E { A; B }; [E]::B; [int][E]::B
