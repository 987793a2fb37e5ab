"""How speed is measured, and against what. `python -m bench` (or `make bench`) runs it; bench/README.md explains it."""
