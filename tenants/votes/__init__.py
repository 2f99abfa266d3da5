"""A vote asks a question of some people, counts their ballots, and decides or not."""
