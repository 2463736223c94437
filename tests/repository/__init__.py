"""The repository stands alone: it holds all that its tests need."""
