"""Structured logs: one JSON object a line on standard error."""

import logging
import sys
from time import monotonic

import structlog
from flask import g, request


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


def request_line(status: int) -> None:
    """Log one answered request."""
    began = g.get("began")
    structlog.get_logger().info(
        "request",
        method=request.method,
        path=request.path,
        status=status,
        request_id=g.get("request_id"),
        milliseconds=round((monotonic() - began) * 1000, 1) if began else None,
    )
