"""What everything above the store relies on, proven on each engine."""
