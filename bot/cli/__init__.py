"""The command line's commands, a module each: they read arguments, call one use case, and print."""
