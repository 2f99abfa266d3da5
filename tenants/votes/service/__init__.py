"""These are the verbs of votes."""
