"""Records with what became of them, as files. Settled outcomes only."""
