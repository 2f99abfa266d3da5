"""What `make lint` checks and no linter does: the lock and the length of files."""
