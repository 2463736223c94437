"""Tests on real export files and labelled sets.

The files lie beside the repository and are not part of it (``real_files``). Where they
are missing, nothing here is collected, and the end of the run says so.
"""
