"""The demo reviews: invented exports, the truth about them, and the loader."""
