"""What is done with membership: joining, roles, suspension, and what a person is owed of their data."""
