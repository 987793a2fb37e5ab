"""Reading the documentation: its pages, headings, tables and fenced blocks. It knows nothing of what they say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
FENCE = re.compile(
    r"(?:^<!-- (?P<mark>[a-z]+)(?:: (?P<what>[^\n]*?))? -->\n)?^```(?P<lang>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True)
class Fence:
    """One fenced block, with the comment before it: `<!-- file: name -->` or `<!-- run -->`."""

    language: str
    text: str
    mark: str
    what: str


def every() -> list[Path]:
    """Return all pages: what stands in the root and in docs/."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def read(name: str) -> str:
    """Return a page below docs/."""
    return (DOCS / name).read_text("utf-8")


def fences(text: str) -> Iterator[Fence]:
    """Yield the fenced blocks of a page, in order."""
    for found in FENCE.finditer(text):
        yield Fence(found["lang"], found["text"], found["mark"] or "", found["what"] or "")


def prose(text: str) -> str:
    """Return a page without its fenced blocks and inline code."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, with the headings below it; fails where there is no such heading."""
    lines = iter(FENCE.sub(lambda found: found[0].replace("\n#", "\n\0#"), text).split("\n"))
    level = next((len(line.split()[0]) for line in lines if re.fullmatch(rf"#+ {re.escape(heading)}", line)), 0)
    assert level, f"there is no heading {heading!r}"
    kept = []
    for line in lines:
        if (found := re.match(r"(#+) ", line)) and len(found[1]) <= level:
            break
        kept.append(line)
    return "\n".join(kept).replace("\0", "")


def headings(text: str) -> list[tuple[int, str]]:
    """Return the headings of a page, with their levels."""
    return [(len(found[1]), found[2]) for found in re.finditer(r"^(#+) (.+)$", FENCE.sub("", text), re.M)]


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row, without heads and rules; `\\|` in a cell is a bar."""
    found = []
    for table in re.findall(r"(?:^\|.*\|$\n?)+", text, re.M):
        lines = [
            [cell.strip().replace("\0", "|") for cell in line.replace("\\|", "\0").strip("|").split("|")]
            for line in table.strip().split("\n")
        ]
        found += lines[2:]
    return found


def names(text: str) -> list[str]:
    """Return the first cell of every table row, without its code marks."""
    return [row[0].strip("`") for row in rows(text)]


def anchor(heading: str) -> str:
    """Return the anchor that a heading has on the web, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
