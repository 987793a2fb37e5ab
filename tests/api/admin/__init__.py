"""The admin as a browser without scripts gets it."""
