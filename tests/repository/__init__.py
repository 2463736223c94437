"""Tests that the repository contains all files that its tests need."""
