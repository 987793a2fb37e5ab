"""Sign what is served, and check such a signature: HTTP Message Signatures (RFC 9421) with Ed25519.

Pure: it knows no keys but those that it is given, and no documents.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LABEL = "tolk"
TAG = "tolk-document"
ALGORITHM = "ed25519"
COVERED = ("@status", "content-digest", "content-type", "content-language")
# As what a document is served, by its status.
CONTENT_TYPES = {200: "application/json", 410: "application/problem+json"}

_KEY = r"[a-z*][a-z0-9_.*-]*"
_STRING = r'"(?:[^"\\]|\\.)*"'
# A member of the dictionary Signature-Input whose value is an inner list with its parameters (RFC 9651, 3.1.1, 3.2).
_VALUE = rf'{_STRING}|[^\s;,"]+'
_LIST = rf'\((?:[^()"]|{_STRING})*\)'
_MEMBER = re.compile(rf"(?:^|,)[ \t]*(?P<label>{_KEY})=(?P<params>{_LIST}(?:; *{_KEY}(?:=(?:{_VALUE}))?)*)")
_NAME = re.compile(rf"({_STRING})(\S*)")
_PARAMETER = re.compile(rf"; *({_KEY})(?:=({_VALUE}))?")
_CREATED = re.compile(r";created=(\d+)")


@dataclass(frozen=True)
class Signed:
    """The two header fields of a signature: `input` is Signature-Input, `signature` is Signature."""

    input: str
    signature: str


@dataclass(frozen=True)
class Given:
    """A signature as it was read: what it covers, in its order, its parameters, and the parameters as written."""

    covered: tuple[str, ...]
    parameters: Mapping[str, str]
    params: str
    signature: bytes


def content_digest(sha256: str) -> str:
    """Return the field Content-Digest (RFC 9530) of content whose SHA-256 this is, as hex."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def values(status: int, sha256: str, language: str) -> dict[str, str]:
    """Return what the signature of a document covers, by component."""
    said = (str(status), content_digest(sha256), CONTENT_TYPES[status], language)
    return dict(zip(COVERED, said, strict=True))


def sign(private_key: Ed25519PrivateKey, key: str, covered: Mapping[str, str], created: int) -> Signed:
    """Sign these components with the key of that id; `created` is in seconds since 1970. The same gives the same."""
    names = " ".join(f'"{name}"' for name in covered)
    params = f'({names});created={created};keyid="{key}";alg="{ALGORITHM}";tag="{TAG}"'
    made = base64.b64encode(private_key.sign(base(covered.items(), params))).decode()
    return Signed(f"{LABEL}={params}", f"{LABEL}=:{made}:")


def base(covered: Iterable[tuple[str, str]], params: str) -> bytes:
    """Return the signature base (RFC 9421, 2.5): what is signed in fact."""
    lines = [f'"{name}": {value}' for name, value in covered]
    return "\n".join([*lines, f'"@signature-params": {params}']).encode()


def read(signature_input: str, signature: str, label: str = LABEL) -> Given | None:
    """Return the signature of that label among those of a message, None where there is none that can be read."""
    found = next((each for each in _MEMBER.finditer(signature_input) if each["label"] == label), None)
    made = re.search(rf"(?:^|,)[ \t]*{re.escape(label)}=:([A-Za-z0-9+/=]*):", signature)
    if found is None or made is None:
        return None
    names, _, parameters = found["params"][1:].partition(")")
    listed = _NAME.findall(names)
    if any(rest for _, rest in listed):  # A component with parameters of its own: nothing that is signed here.
        return None
    try:
        raw = base64.b64decode(made[1], validate=True)
    except binascii.Error:
        return None
    said = {name: _bare(value) for name, value in _PARAMETER.findall(parameters)}
    return Given(tuple(_bare(name) for name, _ in listed), said, found["params"], raw)


def is_document(given: Given) -> bool:
    """Tell whether a signature is one that a document is served with: of its tag, and of all that makes it one."""
    return (
        given.parameters.get("tag") == TAG
        and given.parameters.get("alg", ALGORITHM) == ALGORITHM
        and set(COVERED) <= set(given.covered)
        and len(set(given.covered)) == len(given.covered)
    )


def verify(given: Given, public_key: str, covered: Mapping[str, str]) -> bool:
    """Tell whether a key (32 bytes as base64url) made this signature of these components."""
    if not set(given.covered) <= covered.keys():
        return False
    signed = base(((name, covered[name]) for name in given.covered), given.params)
    try:
        Ed25519PublicKey.from_public_bytes(decoded(public_key)).verify(given.signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def created(signature_input: str) -> int:
    """Return when a signature of ours was made, in seconds since 1970; 0 where there is none."""
    found = _CREATED.search(signature_input)
    return int(found[1]) if found else 0


def jwk(public_key: str, key: str) -> dict[str, str]:
    """Return a public key as a JSON Web Key (RFC 7517, RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": public_key, "kid": key, "use": "sig", "alg": "EdDSA"}


def thumbprint(public_key: str) -> str:
    """Return the id of a key: its SHA-256 thumbprint (RFC 7638; RFC 8037, appendix A.3)."""
    members = f'{{"crv":"Ed25519","kty":"OKP","x":"{public_key}"}}'
    return encoded(hashlib.sha256(members.encode()).digest())


def encoded(data: bytes) -> str:
    """Return bytes as base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes that a base64url text stands for. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _bare(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
