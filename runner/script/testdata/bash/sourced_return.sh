(return 0 2>/dev/null) && echo sourced || echo run
