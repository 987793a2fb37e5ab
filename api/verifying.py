"""`tolk verify`: prove a copy of a document to whoever has it. It fetches and words; the library judges."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import httpx
import orjson
from flask_babel import gettext

from api.cli import Context, _now, command, main
from cms.publish import proving
from cms.publish.proving import BAD, GOOD, OUTDATED, UNKNOWN, WITHDRAWN, Copy, Verdict

SECONDS = 15.0
EXITS = {GOOD: 0, BAD: 1, OUTDATED: 2, WITHDRAWN: 2, UNKNOWN: 2}


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is said."""
    return text


OUTCOMES = {
    GOOD: _("Good: %(site)s published this, and it is current."),
    OUTDATED: _("Outdated: %(site)s published this, but it is to be replaced."),
    WITHDRAWN: _("Withdrawn: %(site)s published this, and has withdrawn the advice. Take it down."),
    UNKNOWN: _("%(site)s published this; whether it is current could not be learned."),
    BAD: _("Not good: nothing proves that this was published so."),
}
REASONS = {
    "altered": _("The text is not the one that was signed: it was altered."),
    "bad_signature": _("The signature is not one of what stands here."),
    "display_until": _("It was not to be shown any longer than until %(display_until)s."),
    "foreign_signature": _("What signs it is not the signature of a document."),
    "no_keys": _("There are no keys to check it with."),
    "not_a_document": _("This is no document: it is not one JSON object."),
    "not_known": _("The site does not answer for it."),
    "not_published": _(
        "It is not signed, and the site has never served it in this form. Only whole documents are signed, as they are"
        " without parameters."
    ),
    "refresh_by": _("It was to be fetched again before %(refresh_by)s."),
    "superseded": _("Another version has taken its place."),
    "unknown_key": _("It is signed with a key that the site does not vouch for, or no longer."),
    "unpublished": _("The site does not publish it any more."),
    "withdrawn": _("The advice was withdrawn."),
}
NOTES = {
    "altered": _("The headers that were kept belong to another text; the site vouches for this one."),
    "bad_signature": _("The headers were altered on their way; the site vouches for the text."),
    "foreign_signature": _("The signature in its headers is another's; the site vouches for the text."),
    "rewritten": _("The JSON was written anew, with the same content."),
    "unknown_key": _("It was signed with a key that is no longer good; the site has signed it anew."),
}


class Misuse(click.UsageError):
    """It was called wrongly. That ends with 1: 2 is an answer of this command."""

    exit_code = 1


class Command(click.Command):
    """A command of which 2 is an answer."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments. Raises Misuse."""
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise Misuse(error.format_message(), error.ctx) from None


@main.command("verify", cls=Command)
@click.argument("copy", metavar="URL|FILE")
@click.option("--keys", "keys_at", default="", help="The key set, an address or a file.  [default: the site's]")
@click.option("--site", default="", help="The site that published it.  [default: the one that it names]")
@click.option("--offline", is_flag=True, help="Ask nobody; its own terms say whether it is too old. Needs --keys.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@command
def verify_command(here: Context, copy: str, keys_at: str, site: str, offline: bool, as_json: bool) -> None:
    """Prove a copy of a document: that it was published so, and whether it is current.

    FILE is a saved body, or an answer saved with its headers (curl -i). Ends with 0 where the copy is good, with 2
    where it is good but to be replaced or taken down, with 1 where it is not.
    """
    del here
    faults: list[str] = []
    with httpx.Client(timeout=SECONDS, follow_redirects=True) as client:
        try:
            found = _copy(client, copy)
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise click.ClickException(f"{copy}: {error}") from None
        site = (site or proving.site_of(found)).rstrip("/")
        keys = _keys(client, keys_at or (f"{site}/.well-known/jwks.json" if site and not offline else ""), faults)
        record = None if offline or not site else _record(client, site, found, faults)
    verdict = proving.judge(found, keys, record, _now(), was_asked=not offline)
    if as_json:
        said = {**asdict(verdict), "site": site, "faults": faults}
        click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    else:
        click.echo("\n".join(_words(verdict, site, faults)))
    click.get_current_context().exit(EXITS[verdict.outcome])


def _copy(client: httpx.Client, copy: str) -> Copy:
    if _is_address(copy):
        answer = client.get(copy)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Copy(answer.content, answer.status_code, headers)
    return proving.saved(Path(copy).read_bytes())


def _keys(client: httpx.Client, at: str, faults: list[str]) -> dict[str, str]:
    if not at:
        return {}
    try:
        if not _is_address(at):
            return proving.keys_of(orjson.loads(Path(at).read_bytes()))
        answer = client.get(at)
        answer.raise_for_status()
        return proving.keys_of(answer.json())
    except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        faults.append(f"{at}: {error}")
        return {}


def _record(client: httpx.Client, site: str, copy: Copy, faults: list[str]) -> Mapping[str, Any] | None:
    """Return what the site knows of a copy, None where it does not know it or does not answer."""
    for digest in proving.digests(copy):
        try:
            answer = client.get(f"{site}/v1/signatures/{digest}")
            if answer.status_code == 200 and isinstance(found := answer.json(), dict):
                return found
            if answer.status_code != 404:
                faults.append(f"{answer.url}: {answer.status_code}")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            faults.append(f"{site}: {error}")
    return None


def _words(verdict: Verdict, site: str, faults: list[str]) -> list[str]:
    values = {**asdict(verdict), "site": site or gettext("the site")}
    lines = [gettext(OUTCOMES[verdict.outcome], **values)]
    lines += [f"  {gettext(REASONS[code], **values)}" for code in verdict.reasons]
    lines += [f"  {gettext(NOTES[code], **values)}" for code in verdict.notes]
    lines += [f"  {fault}" for fault in faults]
    if verdict.outcome != BAD:
        what = gettext("%(type)s %(entry)s in %(locale)s, version %(version)s", **values)
        at = datetime.fromtimestamp(verdict.signed_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines += [f"  {what}", "  " + gettext("signed %(at)s with the key %(key)s", at=at, key=verdict.key)]
    if verdict.outcome == GOOD and verdict.refresh_by:
        lines.append("  " + gettext("to be fetched again before %(refresh_by)s", **values))
    if verdict.url and verdict.outcome in (OUTDATED, WITHDRAWN):
        lines.append("  " + gettext("what is served now: %(url)s", **values))
    return lines


def _is_address(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https")
