"""Tests on real export files and labelled sets.

The files are in a folder beside the repository (``real_files``). Without that folder
pytest collects nothing here, and the end of the run has a line about it.
"""
