"""`./dev attack`: a live server of its own, and people who mean harm.

Each try prints one line: what was tried, what came, and whether the program held.
"""
