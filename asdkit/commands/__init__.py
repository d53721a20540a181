"""The commands, one a file: ``add(parsers)`` declares it, ``main(args)`` does it."""
