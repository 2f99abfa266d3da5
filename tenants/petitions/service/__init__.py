"""The verbs of petitions, one file a noun."""
