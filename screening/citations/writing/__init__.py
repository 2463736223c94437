"""Writers of reference files: one module per format, all streaming."""
