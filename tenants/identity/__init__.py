"""Sign-in knows persons, their logins and their sessions. This domain has no tenant."""
