"""The desk: the one door through which people and keys change content. It knows no web, and no way to sign in."""
