bash -c 'cat; echo end'
