"""Who is at the door: persons, how they sign in, and their sessions. None of it has a tenant."""
