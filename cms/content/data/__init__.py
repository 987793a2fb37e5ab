"""Data files that the content package reads; they are extended without touching code."""
