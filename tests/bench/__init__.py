"""Benchmarks: ``./dev bench [NAME …]``.

Each result is shown with a lower limit or another program in the same run, because only
ratios can be compared between machines.
"""
