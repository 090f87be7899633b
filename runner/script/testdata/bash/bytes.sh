printf '\x00\xff\xfe\x1b[31mred\x1b[0m\r\n' | od -An -tx1; printf '\xff\x80\n'
