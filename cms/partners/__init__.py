"""WHOM: partners, their keys and deliveries. It reads events and is imported by nothing in the library."""
