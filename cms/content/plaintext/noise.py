"""Lines that came along when a page was copied: paths, dates, tags, links to share, what stands at its foot."""

import re
from collections.abc import Sequence

from cms.content.plaintext.cues import cues
from cms.content.plaintext.lines import Unit

TOP, BEGINNING, LONGEST, MOST_RELATED = 5, 30, 150, 8
SEGMENTS = re.compile(r"\s*[|•·]\s*|\s+[–—-]\s+")
CRUMBS = re.compile(r"\s+[>»›/]\s+")
HASHTAGS = re.compile(r"#\w[\w-]*(?:[\s,]+#\w[\w-]*)*")
ARROWS = " .:>»→›…←<«‹↑"
ACCOUNT = re.compile(r"@[\w.]+|\S*(?:facebook|instagram|linkedin)\S*")
FOOT = re.compile(r"(?:©|\(c\)\s|copyright\b).*", re.IGNORECASE)
MINUTES = re.compile(r"\d+\s*(?:min\.?|minuten|minutes?|minuut)")


def find_noise(units: Sequence[Unit]) -> dict[int, str]:
    """Return the units that are no content (index to reason); never all that there is."""
    found: dict[int, str] = {}
    for index, unit in enumerate(units):
        reason = _reason(unit, index) if index not in found else None
        if reason:
            found[index] = reason
        for below in _below(units, index, reason):
            found[below] = "navigation" if _is_contents(unit) else "link_text"
            found.setdefault(index, found[below])
    if all(index in found for index in range(len(units)) if units[index].kind != "rule"):
        return {index: "rule" for index, unit in enumerate(units) if unit.kind == "rule"}
    return found


def without_dates(text: str) -> tuple[str, str]:
    """Return a byline's text without the dates and the like at its end, and what was taken off."""
    pieces = re.split(r"(\s*[|•·]\s*|\s+[–—-]\s+|\s+op\s+(?=\d)|,\s+(?=\d))", text)
    while len(pieces) > 1 and (is_dated(pieces[-1]) or not pieces[-1].strip()):
        pieces = pieces[:-2]
    kept = "".join(pieces)
    return kept, text[len(kept) :]


def is_dated(text: str) -> bool:
    """Tell whether `text` says when, in which category or how long, and nothing else."""
    text = text.strip(" .")
    told, filed = cues().dated.match(text), cues().filed.match(text)
    when = text[told.end() :] if told else ""
    return bool(
        cues().dates.fullmatch(text)
        or cues().reading.fullmatch(text)
        # "Onderwerpen die aan bod komen" is text; "Geplaatst in Knie" is none.
        or (filed and (filed["colon"] or " " in filed.group().strip()) and not text.endswith("."))
        or (told and len(when.split()) <= 8 and (cues().dates.search(when) or MINUTES.fullmatch(when)))
    )


def _reason(unit: Unit, index: int) -> str | None:
    if unit.kind == "rule":
        return "rule"
    if unit.kind == "rows" or unit.level or len(unit.text) > LONGEST:
        return None
    text = unit.text
    bare = text.strip(ARROWS).lower()
    parts = [part.strip(ARROWS).lower() for part in SEGMENTS.split(text)]
    if HASHTAGS.fullmatch(text):
        return "tags"
    if _is_path(text, bare, index) or (len(parts) > 1 and set(parts) <= cues().navigation | cues().footer):
        return "navigation"
    if set(parts) <= cues().footer or (FOOT.fullmatch(text) and len(text.split()) <= 20):
        return "footer"
    if cues().picture_credit.fullmatch(text):
        return "picture_credit"
    if _is_link(text, bare, parts, is_line=unit.kind == "text"):
        return "link_text"
    if _is_date(text, parts, index):
        return "tags" if cues().filed.match(text) else "date"
    return None


def _is_path(text: str, bare: str, index: int) -> bool:
    label = cues().path_labels.match(text)
    text = text[label.end() :] if label else text
    crumbs = [crumb.strip().lower() for crumb in CRUMBS.split(text)]
    return crumbs[0] in cues().navigation and (len(crumbs) > 1 or (index < 2 and bare in cues().navigation))


def _is_link(text: str, bare: str, parts: Sequence[str], *, is_line: bool) -> bool:
    if bare in cues().link_texts or (set(parts) <= cues().social and len(bare) > 1):
        return True
    label, colon, rest = bare.partition(":")
    if label in cues().link_texts and {part.removeprefix(label + ":").strip() for part in parts} <= cues().social:
        return True
    if (
        colon
        and label.strip() in cues().social
        and re.fullmatch(r"\s*@[\w.]+|\s*\S*(?:facebook|instagram|linkedin)\S*", rest)
    ):
        return True
    opener = cues().link_openers.match(re.sub(r"^[\W_]+", "", text))
    if not opener or re.search(r"[.!?]\s+\S", text):
        return False
    # "Lees ook de bijsluiter." is advice.
    told = bool(set(re.findall(r"\w+", bare)) & (cues().social - {"x"}))
    return bool(opener["colon"]) or told or (is_line and not text.endswith((".", "!", "?")))


def _is_date(text: str, parts: Sequence[str], index: int) -> bool:
    if index < TOP or len(parts) > 1:
        pieces = [piece for piece in SEGMENTS.split(text) if piece.strip()]
        return bool(pieces) and all(map(_is_aside, pieces)) and _tells_more(pieces)
    told = cues().dated.match(text) or cues().filed.match(text)
    return bool(told) and is_dated(text)


def _tells_more(pieces: Sequence[str]) -> bool:
    # "Door: redactie" alone is a byline.
    return any(is_dated(piece) for piece in pieces)


def _is_aside(text: str) -> bool:
    return is_dated(text) or _is_desk(text) or text.lower().strip() in cues().navigation


def _is_desk(text: str) -> bool:
    found = cues().byline.match(text) or cues().byline_weak.match(text)
    return bool(found) and text[found.end() :].strip(" .").lower() in cues().desks if found else False


def _is_contents(unit: Unit) -> bool:
    return unit.text.strip(ARROWS).lower() in cues().table_of_contents


def _below(units: Sequence[Unit], index: int, reason: str | None) -> list[int]:
    """Return what belongs to "Lees ook" or "Inhoud": the titles below it."""
    wanted = cues().table_of_contents if index < BEGINNING else frozenset()
    if units[index].kind != "text" or units[index].text.strip(ARROWS).lower() not in wanted | cues().related:
        return []
    run: list[int] = []
    for below in range(index + 1, min(index + 1 + MOST_RELATED, len(units))):
        unit = units[below]
        if unit.kind not in ("text", "item") or (unit.kind == "text" and unit.apart) or not _is_title(unit.text):
            break
        run.append(below)
    if _is_contents(units[index]):
        titles = {_plain(unit.text) for unit in units[index + 1 + len(run) :] if unit.kind in ("text", "item")}
        return run if len(run) > 1 and all(_plain(units[below].text) in titles for below in run) else []
    if reason in ("link_text", None) and units[index].text.strip(ARROWS).lower() in cues().related:
        return run
    return []


def _is_title(text: str) -> bool:
    return len(text) <= LONGEST and not text.endswith((".", ":")) and not re.search(r"@|\d{4}", text)


def _plain(text: str) -> str:
    return re.sub(r"^\d{1,2}[.)]\s*", "", text).strip(" .:?").lower()
