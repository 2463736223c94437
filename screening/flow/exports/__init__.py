"""Files of records with their screening status. They hold final decisions only."""
