"""What each language calls numbers, units, moments and negations, for a linguist to read and extend (README.md)."""
