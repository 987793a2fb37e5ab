"""Judge a copy of a document: whether it was published so, and whether it still stands. Pure: it fetches nothing."""

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cms.content.identity import moment
from cms.publish import documents, signing, standing

# How a copy fares: the first is good, those after it are good and to be replaced or taken down, the last is not good.
GOOD, OUTDATED, WITHDRAWN, UNKNOWN, BAD = "good", "outdated", "withdrawn", "unknown", "bad"
MOST_BYTES = 50_000_000
_WITHDRAWN_TYPE = "/docs#withdrawn"

Keys = Mapping[str, str]


@dataclass(frozen=True)
class Copy:
    """A copy of an answer: the body without compression, and, where they were kept, the status and the headers."""

    body: bytes
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What a copy proved to be. `reasons` and `notes` are codes: why it fares so, and what else is to be known."""

    outcome: str
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    digest: str = ""
    key: str = ""
    signed_at: int = 0
    entry: str = ""
    type: str = ""
    locale: str = ""
    version: int = 0
    refresh_by: str = ""
    display_until: str = ""
    state: str = ""
    url: str = ""


def saved(data: bytes) -> Copy:
    """Return the copy that a file holds: a body, or an answer with its headers, as `curl -i` saves it."""
    status, headers = 0, dict[str, str]()
    while data.startswith(b"HTTP/"):
        head, data = _parted(data)
        first, *lines = re.sub(r"\r?\n[ \t]+", " ", head.decode("latin-1")).splitlines()
        status, headers = int((re.findall(r" (\d{3})\b", first) or ["0"])[0]), {}
        for line in lines:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            headers[name] = ", ".join(filter(None, (headers.get(name), value.strip())))
    return Copy(_uncompressed(data, headers.get("content-encoding", "")), status, headers)


def digests(copy: Copy) -> list[str]:
    """Return the SHA-256 of a copy as it is, and of its canonical form where that differs, as hex."""
    found = [hashlib.sha256(copy.body).hexdigest()]
    if (value := _parsed(copy.body)) is not None:
        found.append(documents.etag(documents.freeze(value)))
    return list(dict.fromkeys(found))


def site_of(copy: Copy) -> str:
    """Return the address of the installation that a copy says it is from, an empty text where it says none."""
    document = _parsed(copy.body) or {}
    address, kind = document.get("url"), document.get("type")
    if isinstance(kind, str) and kind.endswith(_WITHDRAWN_TYPE):
        found = kind.removesuffix(_WITHDRAWN_TYPE)
    else:
        found = address.rpartition("/v1/")[0] if isinstance(address, str) else ""
    return found if re.match(r"https?://[^/]", found) else ""


def keys_of(value: Any) -> dict[str, str]:
    """Return the Ed25519 keys of a JSON Web Key Set by their ids; whatever else it holds is left out."""
    listed = value.get("keys") if isinstance(value, Mapping) else None
    return {
        key["kid"]: key["x"]
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, Mapping)
        and key.get("crv") == "Ed25519"
        and isinstance(key.get("kid"), str)
        and isinstance(key.get("x"), str)
    }


def judge(
    copy: Copy, keys: Keys, record: Mapping[str, Any] | None, now: datetime, *, was_asked: bool = True
) -> Verdict:
    """Judge a copy by these keys and by what its site knows of it: `record`, None where that is nothing.

    Where the site was not asked, the copy's own terms say whether it is too old.
    """
    document = _parsed(copy.body)
    if document is None:
        return Verdict(BAD, ("not_a_document",))
    known = digests(copy)
    own, fault = _by_headers(copy, known, keys)
    kept = _by_record(record, known, keys)
    proof = own or kept
    if proof is None:
        return Verdict(BAD, (_why(fault, record, known, keys),), digest=known[0])
    digest, given = proof
    notes = [] if digest == known[0] else ["rewritten"]
    if own is None and fault:
        notes.append(fault)
    outcome, reasons = _stands(document, record, now, was_asked)
    return Verdict(
        outcome,
        reasons,
        tuple(notes),
        digest=digest,
        key=given.parameters["keyid"],
        signed_at=int(given.parameters.get("created") or 0),
        entry=str(document.get("id", "")),
        type=str(document.get("entry_type") or document.get("type", "")),
        locale=str(document.get("locale", "")),
        version=int(document.get("version") or 0),
        refresh_by=document.get("refresh_by") or "",
        display_until=document.get("display_until") or "",
        state=str((record or {}).get("state", "")),
        url=str((record or {}).get("url") or ""),
    )


Proof = tuple[str, signing.Given]


def _by_headers(copy: Copy, known: list[str], keys: Keys) -> tuple[Proof | None, str]:
    """Return the digest that the headers prove, with the signature; else None and why they do not."""
    headers = copy.headers
    if "signature" not in headers or "signature-input" not in headers:
        return None, ""
    given = signing.read(headers["signature-input"], headers["signature"])
    if given is None or not signing.is_document(given):
        return None, "foreign_signature"
    said = re.findall(r"sha-256=(:[A-Za-z0-9+/=]*:)", headers.get("content-digest", ""))
    digest = next((one for one in known if signing.content_digest(one).partition("=")[2] in said), "")
    if not digest:
        return None, "altered"
    if given.parameters.get("keyid") not in keys:
        return None, "unknown_key"
    covered = {"@status": str(copy.status), **{name: value for name, value in headers.items() if name[:1] != "@"}}
    if not signing.verify(given, keys[given.parameters["keyid"]], covered):
        return None, "bad_signature"
    return (digest, given), ""


def _by_record(record: Mapping[str, Any] | None, known: list[str], keys: Keys) -> Proof | None:
    if record is None or record.get("digest") not in known:
        return None
    given = signing.read(str(record.get("signature_input")), str(record.get("signature")))
    if given is None or not signing.is_document(given) or given.parameters.get("keyid") not in keys:
        return None
    if record.get("status") not in signing.CONTENT_TYPES:
        return None
    covered = signing.values(record["status"], record["digest"], str(record.get("locale")))
    return (record["digest"], given) if signing.verify(given, keys[given.parameters["keyid"]], covered) else None


def _why(fault: str, record: Mapping[str, Any] | None, known: list[str], keys: Keys) -> str:
    if not keys:
        return "no_keys"
    if fault:
        return fault
    return "not_published" if record is None else "bad_signature"


def _stands(
    document: Mapping[str, Any], record: Mapping[str, Any] | None, now: datetime, was_asked: bool
) -> tuple[str, tuple[str, ...]]:
    """Return how a copy that was published so fares now, and why."""
    state = (record or {}).get("state", "")
    if state == standing.WITHDRAWN or document.get("code") == "withdrawn":
        return WITHDRAWN, ("withdrawn",)
    reasons = []
    if state in (standing.SUPERSEDED, standing.UNPUBLISHED):
        reasons.append(state)
    if _is_past(document.get("display_until"), now):
        reasons.append("display_until")
    if state != standing.CURRENT and _is_past(document.get("refresh_by"), now):
        reasons.append("refresh_by")
    if reasons:
        return OUTDATED, tuple(reasons)
    if was_asked and record is None:
        return UNKNOWN, ("not_known",)
    return GOOD, ()


def _is_past(at: Any, now: datetime) -> bool:
    try:
        return isinstance(at, str) and moment(at) <= now
    except ValueError:
        return False


def _parted(data: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", data)
    return (data[: found.start()], data[found.end() :]) if found else (data, b"")


def _uncompressed(body: bytes, encoding: str) -> bytes:
    """Undo gzip or deflate, where the body is in it: who saves an answer often has undone it already."""
    if encoding.lower() not in ("gzip", "x-gzip", "deflate") or body[:1] in (b"{", b""):
        return body
    try:
        return zlib.decompressobj(47).decompress(body, MOST_BYTES)
    except zlib.error:
        return body


def _parsed(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a body is, None where it is none, or where a reader could see another in it."""
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once)
        documents.freeze(value)
    except (ValueError, TypeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member that is there twice")
    return found
