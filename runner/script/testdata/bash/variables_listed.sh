x_one=1 x_two=2; echo ${!x_*}; unset x_one; echo ${!x_*}; declare -p x_two
