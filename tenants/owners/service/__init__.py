"""The staff keeps registers of owners with these services."""
