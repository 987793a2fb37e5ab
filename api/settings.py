"""Every setting, with its default and its reason. Read once at the start; all faults are named at once."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import Env, EnvValidationError, validate
from flask_babel import gettext
from marshmallow import ValidationError

from api.machine_settings import Machine, machine
from api.mail_settings import Mail, mail
from api.sso_settings import Sso, sso
from api.wording import say
from cms import locales
from cms.errors import SettingsError
from cms.site import INDEXING, POLICIES, READABILITY_MODES, TRUST_RULES, Licence, Plainness, Site


@dataclass(frozen=True)
class Settings:
    """All that an installation may choose."""

    database_url: str
    site: Site
    content_types: tuple[str, ...]
    media_dir: Path
    cors_origins: tuple[str, ...]
    public: str
    cache_seconds: int
    max_body_bytes: int
    manage_per_minute: int
    manage_origins: tuple[str, ...]
    host: str
    port: int
    workers: int
    threads: int
    clock_seconds: int
    deliver: bool
    webhook_private: bool
    log_level: str
    access_log: bool
    machine: Machine
    proxies: int
    timezone: ZoneInfo
    mail: Mail
    sso: Sso


# Name, default and reason of each environment variable; the reference is held against this table.
VARIABLES: Mapping[str, tuple[str, str]] = {
    "DATABASE_URL": ("sqlite:///var/tolk.db", "Where content is kept: sqlite:///file.db or postgresql://…"),
    "TOLK_NAME": ("Tolk", "What the installation is called, in attributions and documentation"),
    "TOLK_URL": (
        "http://127.0.0.1:$PORT", "Where the API is reached; documents carry it. Run `tolk rebuild` after a change",
    ),
    "TOLK_PAGE_URL": ("", "Pattern of the public page of a document, e.g. https://example.org/{locale}/{plural}/{slug}"),
    "TOLK_SOURCE_LOCALE": ("nl", "The language that new entries are written in"),
    "TOLK_LOCALES": ("nl,en,de,fr,tr,ar,pl,uk", "The languages that may be published, as BCP 47 tags"),
    "TOLK_LICENCE": ("All rights reserved", "The licence of documents that name none of their own"),
    "TOLK_LICENCE_URL": ("", "Where that licence can be read"),
    "TOLK_LOGO": ("", "The logo to show with what others take over: an address, or a path such as /media/logo.svg"),
    "TOLK_INDEXING": (
        "canonical", "Whether search engines may index copies: noindex, canonical (that link to the original) or index",
    ),
    "TOLK_REFRESH_HOURS": ("168", "Within how many hours those who take documents over fetch them again"),
    "TOLK_REVIEW_GRACE_DAYS": ("90", "How many days after its review was due advice is still shown and listed"),
    "TOLK_EVENTS_DAYS": (
        "400", "How many days it is kept what documents went through; who syncs less often begins anew",
    ),
    "TOLK_TRUST": ("", "Further rules before publishing, e.g. article=reviewer+review_dates+references"),
    "TOLK_POLICY": (
        "", "What stands for critical advice not translated: source, omit or withdraw, e.g. article/tr=omit",
    ),
    "TOLK_READABILITY": (
        "", "What hard texts bring before publishing: a warning or, as a gate, a refusal, e.g. article=gate:60",
    ),
    "TOLK_MACHINE": ("", "The machine that `tolk translate` asks: deepl or libretranslate; nobody without it"),
    "TOLK_MACHINE_URL": ("", "Where it is reached; needed for libretranslate, known for deepl"),
    "TOLK_MACHINE_KEY": ("", "The key of the account there; never printed"),
    "TOLK_MACHINE_PRICE": ("", "What a million characters cost there, for estimates, e.g. 20 EUR"),
    "TOLK_CONTENT_TYPES": ("", "Python modules with content types of your own, e.g. clinic.exercise"),
    "TOLK_MEDIA_DIR": ("var/media", "The folder whose pictures are served under /media/"),
    "TOLK_CORS_ORIGINS": ("*", "Sites whose scripts may read the delivery API; * for all"),
    "TOLK_PUBLIC": ("open", "Who may read the delivery API: open to all, or with the key of a partner"),
    "TOLK_CACHE_SECONDS": ("300", "How many seconds shared caches may keep a document, withdrawn ones too"),
    "TOLK_MANAGE_PER_MINUTE": (
        "600", "How many requests a key may make to the management API in a minute, for each server process",
    ),
    "TOLK_MANAGE_ORIGINS": (
        "", "Sites whose scripts may use the management API, e.g. https://desk.example.org; or none",
    ),
    "TOLK_MAX_BODY_BYTES": ("1048576", "The largest request body that is read"),
    "TOLK_HOST": ("127.0.0.1", "The address that `tolk serve` listens on"),
    "PORT": ("8000", "The port that `tolk serve` listens on"),
    "TOLK_PROXIES": (
        "0", "How many proxies of yours stand before it; that many entries of X-Forwarded-For are believed",
    ),
    "TOLK_WORKERS": ("1", "Server processes; one a core"),
    "TOLK_THREADS": ("4", "Threads a process; each keeps one database connection"),
    "TOLK_CLOCK_SECONDS": ("5", "How often scheduled tasks and waiting documents are looked for; 0 leaves it to cron"),
    "TOLK_DELIVER": ("true", "Whether `tolk serve` tells webhooks itself; with false `tolk deliver` does it beside it"),
    "TOLK_WEBHOOK_PRIVATE": (
        "false", "Whether partners are called without TLS and at addresses of your own network; for trying out alone",
    ),
    "TOLK_TIMEZONE": ("Europe/Amsterdam", "The time zone in which the admin shows and asks for moments"),
    "TOLK_SMTP_URL": (
        "", "The mail server that sends links to people, e.g. smtp://user:password@mail.example.org:587; or none",
    ),
    "TOLK_MAIL_FROM": ("", "The address that such mail comes from; needed with TOLK_SMTP_URL"),
    "TOLK_SSO_ISSUER": ("", "The OpenID Connect service that people may sign in through; needs tolk[sso]"),
    "TOLK_SSO_CLIENT": ("", "What that service calls Tolk; needed with TOLK_SSO_ISSUER"),
    "TOLK_SSO_SECRET": ("", "What Tolk proves itself with there; never printed"),
    "TOLK_SSO_NAME": ("", "What the button on the sign-in page calls it; the name of its host without it"),
    "TOLK_LOG_LEVEL": ("info", "debug, info, warning or error"),
    "TOLK_ACCESS_LOG": ("false", "Whether each request is logged"),
}  # fmt: skip
PUBLIC = ("open", "key")
LOG_LEVELS = ("debug", "info", "warning", "error")
# What the reader of variables says by itself, and the code of what Tolk says of the same.
FOUND = {
    "Environment variable not set.": "required",
    "Not a valid integer.": "not_a_whole_number",
    "Not a valid boolean.": "not_true_or_false",
}
# What nobody may read over a shoulder or in a log.
SECRETS = frozenset({"TOLK_MACHINE_KEY", "TOLK_SMTP_URL", "TOLK_SSO_SECRET"})


def read() -> Settings:
    """Return the settings that the environment asks for. Raises SettingsError that names every fault."""
    env = Env(eager=False)

    def text(name: str, **kwargs: Any) -> str:
        return env.str(name, VARIABLES[name][0], **kwargs) or ""

    def number(name: str, least: int, most: int) -> int:
        within = validate.Range(least, most, error=say("out_of_range", {"minimum": least, "maximum": most}))
        return env.int(name, int(VARIABLES[name][0]), validate=within) or 0

    def flag(name: str) -> bool:
        return bool(env.bool(name, VARIABLES[name][0] == "true"))

    def words(name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in text(name).split(",") if word.strip())

    source = text("TOLK_SOURCE_LOCALE", validate=_tag)
    text("TOLK_LOCALES", validate=_tags)
    trust = text("TOLK_TRUST", validate=_trust)
    policy = text("TOLK_POLICY", validate=_policy)
    readability = text("TOLK_READABILITY", validate=_readability)
    port = number("PORT", 1, 65_535)
    settings = Settings(
        database_url=text("DATABASE_URL", validate=_database),
        site=Site(
            name=text("TOLK_NAME"),
            url=(env.str("TOLK_URL", "", validate=_web) or f"http://127.0.0.1:{port}").rstrip("/"),
            page_url=text("TOLK_PAGE_URL", validate=_pattern),
            source_locale=source,
            locales=tuple(dict.fromkeys((source, *words("TOLK_LOCALES")))),
            licence=Licence(text("TOLK_LICENCE"), text("TOLK_LICENCE_URL")),
            logo=text("TOLK_LOGO", validate=_logo),
            indexing=text("TOLK_INDEXING", validate=_one_of(*INDEXING)),
            refresh_hours=number("TOLK_REFRESH_HOURS", 1, 8_784),
            review_grace_days=number("TOLK_REVIEW_GRACE_DAYS", 0, 3_660),
            events_days=number("TOLK_EVENTS_DAYS", 7, 36_600),
        ),
        content_types=words("TOLK_CONTENT_TYPES"),
        media_dir=Path(text("TOLK_MEDIA_DIR")),
        cors_origins=words("TOLK_CORS_ORIGINS"),
        public=text("TOLK_PUBLIC", validate=_one_of(*PUBLIC)),
        cache_seconds=number("TOLK_CACHE_SECONDS", 0, 86_400),
        max_body_bytes=number("TOLK_MAX_BODY_BYTES", 1_024, 2**31 - 1),
        manage_per_minute=number("TOLK_MANAGE_PER_MINUTE", 1, 1_000_000),
        manage_origins=words("TOLK_MANAGE_ORIGINS"),
        host=text("TOLK_HOST"),
        port=port,
        workers=number("TOLK_WORKERS", 1, 64),
        threads=number("TOLK_THREADS", 1, 64),
        clock_seconds=number("TOLK_CLOCK_SECONDS", 0, 3_600),
        deliver=flag("TOLK_DELIVER"),
        webhook_private=flag("TOLK_WEBHOOK_PRIVATE"),
        log_level=text("TOLK_LOG_LEVEL", validate=_one_of(*LOG_LEVELS)),
        access_log=flag("TOLK_ACCESS_LOG"),
        machine=machine(env),
        proxies=number("TOLK_PROXIES", 0, 9),
        # A name that is none has been gathered with the other faults, and leaves nothing here.
        timezone=ZoneInfo(text("TOLK_TIMEZONE", validate=_zone) or "UTC"),
        mail=mail(env),
        sso=sso(env),
    )
    try:
        env.seal()
    except EnvValidationError as error:
        faults = error.error_messages
        named = faults if isinstance(faults, Mapping) else {"settings": faults}
        raise SettingsError({name: list(map(_say, said)) for name, said in named.items()}) from None
    site = replace(
        settings.site,
        trust=trust_rules(trust),
        policies=dict(_pairs(policy)),
        readability={kind: plainness(said) for kind, said in _pairs(readability)},
    )
    return replace(settings, site=site)


def _say(fault: str) -> str:
    return say(FOUND[fault], {}) if fault in FOUND else str(fault)


def _one_of(*choices: str) -> Callable[[str], None]:
    def judge(value: str) -> None:
        if value not in choices:
            raise ValidationError(say("not_a_choice", {"value": value, "choices": choices}))

    return judge


def _tag(value: str) -> None:
    try:
        canonical = locales.standard(value)
    except locales.UnknownTag:
        raise ValidationError(say("not_a_language_tag", {"value": value})) from None
    if canonical != value:
        raise ValidationError(gettext("“%(value)s” is written “%(canonical)s”.", value=value, canonical=canonical))


def _tags(value: str) -> None:
    for tag in value.split(","):
        _tag(tag.strip())


def _database(value: str) -> None:
    if value.partition(":")[0] not in ("sqlite", "postgresql", "postgres"):
        raise ValidationError(gettext("This must begin with sqlite:// or postgresql://."))


def _zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(gettext("This must be a time zone such as Europe/Amsterdam.")) from None


def _web(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValidationError(gettext("This must be an address such as https://api.example.org."))


def _logo(value: str) -> None:
    if value and not re.match(r"/[^/\\]", value):
        _web(value)


def _pattern(value: str) -> None:
    if not value:
        return
    try:
        _web(value.format(locale="nl", plural="articles", slug="x"))
    except (KeyError, IndexError, ValueError):
        raise ValidationError(
            gettext("This takes {locale}, {plural} and {slug}, and nothing else in braces.")
        ) from None


def _trust(value: str) -> None:
    for kind, rules in _pairs(value):
        unknown = sorted(set(rules.split("+")) - set(TRUST_RULES))
        if not kind or unknown:
            wanted = gettext("Give type=rule+rule, of %(choices)s.", choices=", ".join(TRUST_RULES))
            raise ValidationError(f"{kind}={rules}: {wanted}")


def _policy(value: str) -> None:
    for where, policy in _pairs(value):
        if not where or policy not in POLICIES:
            wanted = gettext("Give type=policy or type/locale=policy, of %(choices)s.", choices=", ".join(POLICIES))
            raise ValidationError(f"{where}={policy}: {wanted}")


def _readability(value: str) -> None:
    for kind, said in _pairs(value):
        mode, _, least = said.partition(":")
        if not kind or mode not in READABILITY_MODES or (least and not re.fullmatch(r"100|[1-9]?[0-9]", least)):
            modes = ", ".join(READABILITY_MODES)
            wanted = gettext("Give type=mode or type=mode:score, of %(modes)s and 0 to 100.", modes=modes)
            raise ValidationError(f"{kind}={said}: {wanted}")


def _pairs(value: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, _, said = part.partition("=")
        yield name, said


def trust_rules(value: str) -> dict[str, frozenset[str]]:
    """Return the rules by type that `article=reviewer+references,author=…` names."""
    return {kind: frozenset(rules.split("+")) for kind, rules in _pairs(value)}


def plainness(value: str) -> Plainness:
    """Return the mode and the score that `gate:60` names."""
    mode, _, least = value.partition(":")
    return Plainness(mode, int(least)) if least else Plainness(mode)
