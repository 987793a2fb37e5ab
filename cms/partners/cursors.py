"""Cursors: how far a reader of changes has come, as a text that it keeps and gives back. Pure.

The text is signed, so that nobody can claim to have come further than where the answers led.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

import orjson

from cms.errors import BadCursor

# A run walks through all that is live, then catches up with what changed meanwhile, and has ended. A cursor of its end
# is given once: who gives it back has a whole copy, and has dropped what the run did not bring. Then it follows.
# What walks the manifest is of no use elsewhere, and leads to a run that catches up.
Phase = Literal["walk", "catch_up", "ended", "follow", "manifest"]

LONGEST = 1_000
_MAC_BYTES = 16


@dataclass(frozen=True)
class Cursor:
    """A place in the order of events, and while walking a place among the documents.

    `mark` is the id of the event `seq`, by which a database that took another course since is known. `selection` says
    who reads what.
    """

    phase: Phase
    seq: int
    mark: str
    selection: str
    entry: str = ""
    locale: str = ""


def seal(cursor: Cursor, secret: str) -> str:
    """Return a cursor as text, fit for an address."""
    said = orjson.dumps([cursor.phase, cursor.seq, cursor.mark, cursor.selection, cursor.entry, cursor.locale])
    return _written(_mac(said, secret) + said)


def unseal(text: str, secret: str) -> Cursor:
    """Return the cursor that a text holds. Raises BadCursor for one that was not sealed with this secret."""
    if not text.isascii() or len(text) > LONGEST:
        raise BadCursor
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise BadCursor from None
    given, said = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    # The last letter has bits to spare: there is one way to write a cursor.
    if _written(raw) != text or not hmac.compare_digest(given, _mac(said, secret)):
        raise BadCursor
    return Cursor(*orjson.loads(said))


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _mac(said: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), said, hashlib.sha256)[:_MAC_BYTES]
