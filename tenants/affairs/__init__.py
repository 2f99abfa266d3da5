"""Open affairs (居务公开、村务公开) are what a community owes by law, posts, is asked and answers."""
