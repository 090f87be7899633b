print(sorted(c.__name__ for c in SystemExit.__subclasses__()), issubclass(KeyError, LookupError))
