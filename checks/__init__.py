"""These checks of `make lint` are in no linter: the lock, the length of files, and sentences."""
