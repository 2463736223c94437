"""The kernel: users, reviews, permissions, blinding, events and jobs.

It imports no other app. The apps of screening and charting build on it.
"""
