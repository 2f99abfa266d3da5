"""Third-party apps: programs that read one community, known to all its members."""
