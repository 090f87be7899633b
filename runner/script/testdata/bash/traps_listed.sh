trap 'echo x' EXIT INT; trap -p EXIT INT TERM; trap - EXIT
