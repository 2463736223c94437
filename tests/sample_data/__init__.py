"""Write the files of ``tests/data``: ``python -m tests.sample_data [--check]``.

Generates the files that tests read: export files in every dialect with the values
expected of them, and a labelled set of duplicates. Every record is invented, by the
generator of the demo or by hand; nothing is copied from a real export. The generator
writes the same bytes on every machine.
"""
