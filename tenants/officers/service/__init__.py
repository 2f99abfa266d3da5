"""The verbs about officers: inviting, accepting, dismissing; and about departments."""
