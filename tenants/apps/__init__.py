"""Third-party apps are programs that read one community; all its members know of them."""
