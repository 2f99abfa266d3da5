"""These are the verbs of secret votes, and what the clock does with them."""
