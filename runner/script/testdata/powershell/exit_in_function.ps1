function f { exit 4 }; f; 'on'
