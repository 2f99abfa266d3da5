"""The numbers the README claims, measured anew on the machine at hand: `python -m bench`."""
