"""What proves documents: the public keys at their well-known address, and the signature of every version served."""

import re
from typing import Any

from flask import Response

from api.problems import problem
from api.public.answers import JSON, dumps, site
from cms.content import types
from cms.publish import signing, signing_keys, standing
from cms.store import Database

DIGEST = r"[0-9a-f]{64}"
# A verifier that meets a key it does not know asks again, so that what it keeps may be kept for a while.
KEYS_HEADERS = {"Cache-Control": "public, max-age=300"}
# Whether a version is still the one that is served changes from one moment to the next.
SIGNATURE_HEADERS = {"Cache-Control": "no-cache"}


def keys(db: Database) -> Response:
    """Answer with the keys whose signatures are good, as a JSON Web Key Set (RFC 7517)."""
    found = [signing.jwk(key.public_key, key.id) for key in signing_keys.good(db)]
    return Response(dumps({"keys": found}), content_type="application/jwk-set+json", headers=KEYS_HEADERS)


def signature(db: Database, digest: str) -> Response:
    """Answer with what proves the version of this SHA-256, and whether it is what is served now."""
    found = signing_keys.find(db, digest) if re.fullmatch(DIGEST, digest) else None
    if found is None:
        return problem(404, "not_found")
    stands = standing.of(db, found)
    said: dict[str, Any] = {
        "digest": found.digest,
        "content_digest": signing.content_digest(found.digest),
        "content_type": signing.CONTENT_TYPES[found.status],
        "status": found.status,
        "id": found.entry,
        "type": found.type,
        "locale": found.locale,
        "version": found.revision,
        "since": found.made_at,
        "signature_input": found.input,
        "signature": found.signature,
        "key": found.key,
        "state": stands.state,
        "url": None,
        "replaced_by": stands.etag or None,
    }
    if stands.slug:
        said["url"] = site().document_url(found.locale, types.find(found.type).plural, stands.slug)
    return Response(dumps(said), content_type=JSON, headers=SIGNATURE_HEADERS)
