"""What the command line says about errors and about an understood text, in the user's language."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext

from api.wording import DROPPED, say, say_doubt, say_error, say_finding, values_of
from cms import errors
from cms.content.imports import Proposal, Proposals
from cms.content.plaintext import Understood
from cms.localize.checks import Finding


def describe_error(error: errors.TolkError) -> str:
    """Return an error in words: what happened, and each thing that is wrong, by its place."""
    lines = [say_error(error.code, values_of(error))]
    if isinstance(error, errors.NotFound | errors.StoreError | errors.MachineError):
        lines[0] += f" ({error})"
    if isinstance(error, errors.SettingsError):
        lines += [f"  {name}: {' '.join(map(str, said))}" for name, said in sorted(error.faults.items())]
    faults: Sequence[errors.Problem] = getattr(error, "problems", ()) or getattr(error, "reasons", ())
    lines += [f"  {fault.pointer or '/'}: {say(fault.code, fault.values)}" for fault in faults]
    if isinstance(error, errors.TranslationClash):
        lines += [f"  {each.path}: {each.by}: {each.theirs}\n    ≠ {each.yours}" for each in error.clashes]
    if isinstance(error, errors.RevisionClash):
        lines.append(f"  {', '.join(error.changed)}")
    return "\n".join(lines)


def describe_proposals(name: str, understood: Understood, proposals: Proposals) -> str:
    """Return what was understood from a text, what it was matched to, and what it was unsure of."""
    return "\n".join(_lines(name, understood, proposals))


def _lines(name: str, understood: Understood, proposals: Proposals) -> Iterator[str]:
    yield name
    yield _label(gettext("article")) + f"{understood.title}  [{_fate(proposals.article)}]"
    if understood.summary:
        yield _label(gettext("lead")) + f"{_short(understood.summary)}"
    for block in understood.body:
        yield from _block(block, "    ")
    for proposal in proposals.authors:
        yield _label(gettext("author")) + f"{proposal.content['name']}  [{_fate(proposal)}]"
        labels = {"job_title": gettext("role"), "specialisms": gettext("specialisms")}
        yield from _fields(proposal.content, labels)
    for proposal in proposals.clinics:
        yield _label(gettext("clinic")) + f"{proposal.content['name']}  [{_fate(proposal)}]"
        labels = {
            "networks": gettext("networks"),
            "phones": gettext("telephone"),
            "email": gettext("e-mail"),
            "contact_form": gettext("contact form"),
            "website": gettext("website"),
        }
        yield from _fields(proposal.content, labels)
    for dropped in understood.dropped:
        said = gettext(DROPPED.get(dropped.reason, dropped.reason))
        yield "  " + gettext(
            "line %(line)s left out (%(reason)s): %(text)s", line=dropped.line, reason=said, text=_short(dropped.text)
        )
    for doubt in understood.doubts:
        said = say_doubt(doubt.code, doubt.values)
        yield "  " + gettext("unsure, line %(line)s: %(said)s", line=doubt.line, said=said) + f" — {_short(doubt.text)}"


def _label(word: str) -> str:
    return f"  {word:<9} "


def _fate(proposal: Proposal) -> str:
    return str(gettext("new") if proposal.is_new else gettext("exists: %(entry)s", entry=proposal.entry))


def _block(block: Mapping[str, Any], indent: str) -> Iterator[str]:
    kind = block["type"]
    if kind == "list":
        kind = gettext("numbered list") if block.get("ordered") else gettext("list")
    else:
        kind = {
            "heading": gettext("heading"),
            "paragraph": gettext("paragraph"),
            "callout": gettext("callout"),
            "contact": gettext("contact"),
            "table": gettext("table"),
        }.get(kind, kind)
    if urgency := block.get("urgency"):
        kind += f" ({urgency})"
    items = block.get("items") or block.get("rows") or []
    said = _short(block.get("text") or block.get("title") or "") or (f"{len(items)}" if items else "")
    yield f"{indent}{kind}: {said}"
    if block["type"] == "list":
        for number, item in enumerate(items, 1):
            mark = f"{number}." if block.get("ordered") else "-"
            yield f"{indent}  {mark} {_short(item['text'])}"
    for inner in block.get("body", []):
        yield from _block(inner, indent + "  ")


def _fields(content: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    for name, label in labels.items():
        value = content.get(name)
        if isinstance(value, list):
            value = ", ".join(item["text"] if isinstance(item, Mapping) else item for item in value)
        if value:
            yield f"    {label}: {value}"


def _short(text: str, length: int = 90) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def describe_finding(finding: Finding) -> str:
    """Return what a check found, with how grave it is."""
    return f"{finding.severity}: {say_finding(finding.code, finding.reason, finding.values)}"


def one_line(text: str, length: int = 60) -> str:
    """Return the beginning of a text as one line, for a report of many."""
    return _short(" ".join(text.split()), length)
