"""Scripts that make what the program ships from labelled data."""
