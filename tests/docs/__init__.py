"""Tests that hold the documentation against the code, and run what it prints."""
