"""The three rates: how soon cases are responded to, how many are solved, how satisfied people are."""
