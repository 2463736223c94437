"""Damaged input by the million: ``./dev fuzz [FORMAT …] [--minutes N]``."""
