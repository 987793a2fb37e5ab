"""Secrets that are random enough to need no slow hash: made, hashed, compared. It knows not what they open."""

import base64
import hashlib
import secrets

BYTES = 32


def make(size: int = BYTES) -> str:
    """Return a new secret of so many random bytes, in small letters and digits (base32)."""
    return base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def grouped(token: str, between: str = "-") -> str:
    """Return a secret in groups of four, as people read and type it."""
    return between.join(token[start : start + 4] for start in range(0, len(token), 4))


def hashed(token: str) -> str:
    """Return the form in which the store keeps a secret: SHA-256, in hex."""
    # A lone surrogate in what somebody sent is no reason to fail: it merely matches nothing.
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def derived(token: str, purpose: str) -> str:
    """Return a second secret that follows from the first, which cannot be had from it."""
    return hashed(f"{purpose}:{token}")


def same(one: str, other: str) -> bool:
    """Compare two hashes in a time that says nothing of where they differ."""
    return secrets.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
