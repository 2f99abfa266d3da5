"""These are the verbs of petitions, one file for each noun."""
