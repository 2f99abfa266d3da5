"""The committee's members are appraised each year (民主评议), chaired by the supervision committee."""
