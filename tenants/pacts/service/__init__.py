"""Here is what can be done with pacts."""
