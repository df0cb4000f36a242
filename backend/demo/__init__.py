"""The demo world: a small, complete market that a first start makes so that everything can be tried at once."""
