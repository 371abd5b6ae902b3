"""One module a family of commands; each function takes the arguments, returns the exit code."""
