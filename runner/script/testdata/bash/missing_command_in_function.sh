f() {
  no-such-command
}

f
(no-such-command)
x=$(no-such-command)
