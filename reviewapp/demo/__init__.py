"""The demonstration review: invented exports, the truth about them, the loader.

Everything here except the loader is pure and deterministic: the same bytes on
each run and machine.
"""
