"""The verbs of votes."""
