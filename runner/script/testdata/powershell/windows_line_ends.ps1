'a'
if ($true) {
  'b'
}
