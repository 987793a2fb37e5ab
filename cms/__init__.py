"""Tolk's library: multilingual health advice from rows to finished documents. It knows nothing of the web."""
