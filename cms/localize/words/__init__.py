"""What each language calls numbers, units, moments and negations: JSON for a linguist to read and extend (README.md)."""
