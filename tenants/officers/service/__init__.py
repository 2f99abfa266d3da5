"""These verbs are about officers, who are invited, accept and are dismissed, and about departments."""
