"""The verbs of the boards, one file a noun."""
