"""What a check found: a code, how bad it is, why, and where. It is worded at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Span = tuple[int, int] | None
ERROR, WARNING = "error", "warning"
CODES = ("number", "unit", "contact", "negation", "markup", "untranslated", "missing", "term", "length", "script")


@dataclass(frozen=True)
class Finding:
    """One finding; `reason` is a stable sub-code, the spans are [start, end) in characters of source and target."""

    code: str
    severity: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    source_span: Span = None
    target_span: Span = None
