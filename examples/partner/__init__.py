"""A partner's site that takes one topic over from Tolk and keeps it current: what a partner's developer copies.

It uses Tolk by its APIs alone, and imports nothing of it.
"""
