set -o functrace; trap 'echo returned $?' RETURN; f() { return 2; }; f; echo end
