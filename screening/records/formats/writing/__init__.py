"""`Citation`s to files that other programs read: one module a format, all streaming."""
