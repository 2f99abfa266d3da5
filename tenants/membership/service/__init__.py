"""These services serve joining, roles, suspension, and a person's rights to their own data."""
