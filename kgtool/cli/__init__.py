"""The command line: open, one call, print."""
