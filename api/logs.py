"""Structured logs: one JSON object a line on standard error."""

import logging
import re
import sys
from time import monotonic

import structlog
from flask import g, request

# The addresses that open something to whoever has them: a password to set, a preview.
HOLDS_TOKEN = re.compile(r"^(/admin/(?:link|preview)/).+", re.DOTALL)


def set_up(level: str) -> None:
    """Log at this level and above."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # Looked up at each line: what stands for standard error may have changed since.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def shown(path: str) -> str:
    """Return a path as it may be logged: whoever reads the log is not to use the links of others."""
    return HOLDS_TOKEN.sub(r"\1…", path)


def request_line(status: int) -> None:
    """Log one answered request."""
    began = g.get("began")
    structlog.get_logger().info(
        "request",
        method=request.method,
        path=shown(request.path),
        status=status,
        request_id=g.get("request_id"),
        milliseconds=round((monotonic() - began) * 1000, 1) if began else None,
    )
