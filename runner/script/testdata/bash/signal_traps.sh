trap 'echo hup' HUP; trap 'echo usr1' USR1
kill -HUP $$; kill -USR1 $$; echo end
