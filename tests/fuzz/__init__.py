"""Fuzzing with damaged input: ``./dev fuzz [FORMAT …] [--minutes N]``."""
