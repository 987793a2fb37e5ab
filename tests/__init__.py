"""Tolk's tests: `contract` holds the store to its promises on both engines, and runs first."""
