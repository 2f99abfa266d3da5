"""Secret ballots: what is kept of them, and what a scrutineer does."""
