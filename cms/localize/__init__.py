"""WORDS: segments and their translations. It knows nothing of publishing."""
