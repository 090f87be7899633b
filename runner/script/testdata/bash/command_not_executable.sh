echo x > file; ./file; echo $?; mkdir d; ./d; echo $?
