"""The verbs of secret votes, and what the clock does of them."""
