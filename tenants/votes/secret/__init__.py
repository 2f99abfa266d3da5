"""Secret ballots are kept here, and this is what a scrutineer does."""
