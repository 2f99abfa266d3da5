"""These are the verbs of the boards, one file for each noun."""
