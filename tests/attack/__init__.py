"""`./dev attack`: attacks on a live server of its own.

Each attempt prints one line: the attempt, the answer, and whether the program resisted.
"""
