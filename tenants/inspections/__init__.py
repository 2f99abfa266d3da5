"""An officer inspects one community, for a reason and for a limited time."""
