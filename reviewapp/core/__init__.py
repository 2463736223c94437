"""The kernel: people, the review, permissions, blinding, events and jobs.

It knows no other app; screening and charting build on it.
"""
