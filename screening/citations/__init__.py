"""Bytes to `Citation` and back: import readers and export writers, no Django."""
