"""An independent verifier of RFC 9421 and RFC 9530: a library that shares no line with what signs."""

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from joserfc.jwk import OKPKey

NOT_GOOD = (HTTPMessageSignaturesException, InvalidSignature)
COVERED = ("@status", "content-digest", "content-type", "content-language")


class _Answer:
    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        self.status_code = status
        self.headers = dict(headers)


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key_set: Mapping[str, Any]) -> None:
        self._keys = {key["kid"]: OKPKey.import_key(key) for key in key_set["keys"]}
        # A key is named by its thumbprint (RFC 7638), as another library makes it.
        assert all(kid == key.thumbprint() for kid, key in self._keys.items())

    def resolve_public_key(self, key_id: str) -> Any:
        key = self._keys[key_id].public_key
        assert isinstance(key, Ed25519PublicKey)
        return key

    def resolve_private_key(self, key_id: str) -> Any:
        raise NotImplementedError


def verify(status: int, headers: Mapping[str, str], body: bytes, key_set: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the signature `tolk` of an answer; raises NOT_GOOD where it, or the digest, is not."""
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(key_set))
    (result,) = verifier.verify(
        _Answer(status, headers),
        max_age=None,
        expect_tag="tolk-document",
        expect_label="tolk",
        require_components=COVERED,
        body=body,
    )
    return dict(result.parameters)
