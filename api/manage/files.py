"""Translations as files of other tools: taken away, and brought back with a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.manage.asking import flag
from api.manage.operations import Answer, Call, Group
from api.manage.translating import AT, Found, found
from api.public.parameters import one_of
from cms.desk import translating
from cms.localize.exchange import formats
from cms.localize.exchange.importing import STATES, Report
from cms.localize.exchange.units import ONLY

group = Group("files", "XLIFF 2.1 and 1.2, PO and CSV, for the tools of translators.")

MEDIA_TYPES = {
    "xliff2": "application/xliff+xml",
    "xliff1": "application/x-xliff+xml",
    "po": "text/x-gettext-translation; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
PLAIN = tuple(said.partition(";")[0] for said in MEDIA_TYPES.values())
TAKEN = (
    *PLAIN,
    "application/xml",
    "text/xml",
    "text/plain",
    "application/octet-stream",
)
FORMAT = one_of("format", "In which form.", formats.FORMATS, "xliff2")
WHICH = one_of("only", "All segments, or only what is stale or missing.", ONLY, "all")
STATE = one_of("state", "What a finished text is saved as; approving needs its right.", STATES, "needs_review")
DRY_RUN = flag("dry_run", "Tell what would become of each unit, and keep nothing.")


@dataclass(frozen=True)
class ImportedUnit:
    """What became of one unit: `text` is what the file brought, `stands` what it met."""

    entry: str
    path: str
    outcome: str
    text: str
    stands: str
    findings: Sequence[Found]


@dataclass(frozen=True)
class ImportReport:
    """What became of a file, unit by unit, and how many came to each outcome."""

    format: str
    locale: str
    is_dry_run: bool
    counts: Mapping[str, int]
    units: Sequence[ImportedUnit]


@group.does(
    "GET",
    f"{AT}/file",
    needs="translation.export",
    gives={200: {"type": "string"}},
    query=(FORMAT, WHICH),
    media=PLAIN,
)
def export_translation(call: Call, entry: str, locale: str) -> Answer:
    """Take away a file of what there is to translate."""
    form = call.asked["format"]
    data = translating.download(call.db, call.actor, entry, locale, format=form, only=call.asked["only"])
    name = f"{entry}.{locale}{formats.SUFFIXES[form]}"
    return Answer(data, headers={"Content-Disposition": f'attachment; filename="{name}"'}, media=MEDIA_TYPES[form])


@group.does(
    "POST",
    f"{AT}/file",
    needs="translation.import",
    gives=ImportReport,
    query=(DRY_RUN, STATE),
    files=TAKEN,
)
def import_translation(call: Call, entry: str, locale: str) -> Answer:
    """Bring in a translated file, and learn what became of each unit."""
    report = translating.upload(
        call.db,
        call.actor,
        entry,
        locale,
        call.upload.data,
        now=call.now,
        name=call.upload.name,
        dry_run=call.asked["dry_run"],
        state=call.asked["state"],
    )
    return Answer(_told(report))


def _told(report: Report) -> ImportReport:
    return ImportReport(
        report.format,
        report.locale,
        report.is_dry_run,
        report.counts,
        [
            ImportedUnit(
                unit.entry, unit.path, unit.outcome, unit.text, unit.stands, found([*unit.faults, *unit.findings])
            )
            for unit in report.units
        ],
    )
