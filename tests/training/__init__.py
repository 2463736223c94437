"""Scripts that make files of the program from labelled data."""
