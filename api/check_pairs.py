"""The command that checks pairs of texts from a file: one JSON line in, one JSON line out. It stores nothing."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson
from flask_babel import gettext

from api.cli import STANDARD_INPUT, Context, command, main
from api.wording import say_finding
from cms.localize.checks import Finding, check
from cms.localize.glossary import STATUSES, Term

TEXTS = ("source_locale", "target_locale", "source", "target")


class BadLine(ValueError):
    """A line is no pair; the text says why."""


@main.command("check")
@click.argument("file", metavar="PAIRS.jsonl")
@command
def check_command(here: Context, file: str) -> None:
    """Check translations against their sources: PAIRS.jsonl has one pair a line. `-` reads standard input."""
    try:
        raw = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
    except OSError as error:
        raise click.BadParameter(str(error), param_hint="PAIRS.jsonl") from None
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            answer = _answer(line)
            if "error" in answer:
                said = gettext("line %(line)s: %(said)s", line=number, said=answer["error"])
                click.echo(said, err=True)
            click.echo(orjson.dumps(answer))


def _answer(line: bytes) -> dict[str, Any]:
    """Return what is printed for one line; one that cannot be read is answered with an `error`."""
    try:
        pair = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return {"id": None, "findings": [], "error": gettext("this is not JSON (%(said)s)", said=str(error))}
    if not isinstance(pair, dict):
        return {"id": None, "findings": [], "error": gettext("this is not a JSON object")}
    name = pair.get("id")
    if isinstance(name, dict | list):
        return {"id": None, "findings": [], "error": gettext("“%(name)s” is neither text nor a number", name="id")}
    try:
        return {"id": name, "findings": [describe(finding) for finding in _check(pair)]}
    except BadLine as error:
        return {"id": name, "findings": [], "error": str(error)}
    except Exception as error:
        said = gettext("this pair cannot be checked (%(said)s)", said=f"{type(error).__name__}: {error}"[:200])
        return {"id": name, "findings": [], "error": said}


def _check(pair: Mapping[str, Any]) -> list[Finding]:
    for name in TEXTS:
        if not isinstance(pair.get(name), str) or (name.endswith("locale") and not pair[name].strip()):
            raise BadLine(gettext("“%(name)s” is missing, or is not text", name=name))
    most = pair.get("max_length")
    if most is not None and (isinstance(most, bool) or not isinstance(most, int)):
        raise BadLine(gettext("“%(name)s” is not a whole number", name="max_length"))
    source_locale, target_locale = pair["source_locale"].strip(), pair["target_locale"].strip()
    wanted = [_term(one, source_locale, target_locale) for one in _list(pair.get("terms"))]
    return check(pair["source"], pair["target"], source_locale, target_locale, terms=wanted, max_length=most)


def _list(value: Any) -> list[Any]:
    if value is None or isinstance(value, list):
        return value or []
    raise BadLine(gettext("“%(name)s” is not a list", name="terms"))


def _term(one: Any, source_locale: str, target_locale: str) -> Term:
    texts = [one.get(name, "") for name in ("source", "target", "note")] if isinstance(one, dict) else []
    if not texts or not all(isinstance(text, str) for text in texts) or one.get("status", "preferred") not in STATUSES:
        raise BadLine(gettext("a term is not {source, target, status}"))
    return Term(source_locale, target_locale, texts[0], texts[1], one.get("status", "preferred"), texts[2])


def describe(finding: Finding) -> dict[str, Any]:
    """Return a finding as it is printed, worded in the user's language."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": say_finding(finding.code, finding.reason, finding.values),
        "source_span": finding.source_span,
        "target_span": finding.target_span,
    }
