"""The commands that have a machine translate and that measure readability, against a service on this machine."""

from collections.abc import Iterator

import pytest
from click.testing import Result

from api import settings
from api.settings import VARIABLES
from cms.errors import SettingsError
from cms.localize import translations
from cms.store import Database
from tests import commands
from tests.builders import a_paragraph, create, published, translate
from tests.cms.localize.machine.services import KEY, Reply, Service, deepl, libretranslate, running

BODY = [a_paragraph("Blijf *rustig* bewegen.", "b1"), a_paragraph("Bel 112.", "b2", urgency="emergency")]

# What a machine would say, by target and source.
SAID = {
    "TR": {
        "Door je rug gaan": "Bel tutulması",
        'Blijf <em id="1">rustig</em> bewegen.': 'Hareket etmeye <em id="1">sakince</em> devam edin.',
        "Bel 112.": "112'yi arayın.",
    },
    "en": {
        "Door je rug gaan": "Putting your back out",
        'Blijf <em id="1">rustig</em> bewegen.': 'Keep moving <em id="1">calmly</em>.',
        "Bel 112.": "Call 112.",
    },
}


def said(text: str, target: str) -> str:
    return SAID[target][text]


@pytest.fixture
def service(terminal: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Set up DeepL, at home."""
    with running(deepl) as service:
        service.translate = said
        monkeypatch.setenv("TOLK_MACHINE", "deepl")
        monkeypatch.setenv("TOLK_MACHINE_URL", service.url)
        monkeypatch.setenv("TOLK_MACHINE_KEY", KEY)
        yield service


def tolk(*words: str, status: int | None = 0) -> Result:
    result = commands.tolk(*words, status=status)
    assert KEY not in result.output
    return result


def test_an_article_is_translated_and_waits_for_review(db: Database, service: Service) -> None:
    entry = create(db, "article", body=BODY)
    assert tolk("translate", entry, "--locale", "tr").output == "3 to be reviewed\n"
    assert {each.state for each in translations.working(db, entry, "tr")} == {"needs_review"}
    assert tolk("translate", entry, "--locale", "tr").output == "There is nothing to translate.\n"


def test_an_estimate_asks_for_no_translation(db: Database, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = create(db, "article", body=BODY)
    monkeypatch.setenv("TOLK_MACHINE_PRICE", "20000 EUR")
    told = tolk("translate", entry, "--locale", "tr", "--estimate").output
    assert told == "segments: 3; characters: 45\nabout 0.90 EUR\ncharacters left in the account: 320000\n"
    assert [asked.path for asked in service.asked] == ["/v2/usage"]
    assert translations.working(db, entry, "tr") == []


def test_what_is_wrong_is_named(db: Database, service: Service) -> None:
    service.translate = lambda text, target: said(text, target).replace('<em id="1">', "").replace("</em>", "")
    entry = create(db, "article", body=BODY)
    told = tolk("translate", entry, "--locale", "tr", "--only", "missing").output.splitlines()
    assert told == [
        "kept as a draft, to be mended: body.b1.text: Hareket etmeye sakince devam edin.",
        "    The markup “em”  of the source is missing.",
        "2 to be reviewed",
        "1 kept as a draft, to be mended",
    ]


def test_a_failure_is_worded_and_ends_with_1(db: Database, service: Service) -> None:
    entry = create(db, "article", body=BODY)
    service.replies.append(Reply(456, {"message": f"Quota exceeded for {KEY}"}))
    told = tolk("translate", entry, "--locale", "tr", status=None).stderr
    assert told.startswith("The machine's account has no characters left")
    assert "deepl: 456: Quota exceeded for …" in told
    service.key = "another"
    assert "The machine refuses" in tolk("translate", entry, "--locale", "tr", status=None).stderr


def test_libretranslate_is_chosen_by_the_settings(
    db: Database, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(libretranslate) as service:
        service.key, service.translate = "", said
        monkeypatch.setenv("TOLK_MACHINE", "libretranslate")
        monkeypatch.setenv("TOLK_MACHINE_URL", service.url + "/")
        entry = create(db, "article", body=BODY)
        assert tolk("translate", entry, "--locale", "en").output == "3 to be reviewed\n"


def test_without_a_machine_nothing_is_asked(db: Database, terminal: None) -> None:
    entry = create(db, "article", body=BODY)
    assert "set TOLK_MACHINE" in tolk("translate", entry, "--locale", "tr", status=None).stderr
    assert tolk("translate", entry, "--locale", "tr", "--estimate").output == "segments: 3; characters: 45\n"


def test_a_language_must_be_known(db: Database, service: Service) -> None:
    entry = create(db, "article")
    assert "xx" in tolk("translate", entry, "--locale", "xx", status=None).stderr
    assert "not translated" in tolk("translate", entry, "--locale", "nl", status=None).stderr


@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"TOLK_MACHINE": "babelfish"}, "TOLK_MACHINE"),
        ({"TOLK_MACHINE": "deepl"}, "TOLK_MACHINE_KEY"),
        ({"TOLK_MACHINE": "deepl", "TOLK_MACHINE_KEY": ""}, "TOLK_MACHINE_KEY"),
        ({"TOLK_MACHINE": "libretranslate"}, "TOLK_MACHINE_URL"),
        ({"TOLK_MACHINE": "libretranslate", "TOLK_MACHINE_URL": "localhost:5000"}, "TOLK_MACHINE_URL"),
        ({"TOLK_MACHINE_URL": "ftp://example.org"}, "TOLK_MACHINE_URL"),
        ({"TOLK_MACHINE_KEY": "a b"}, "TOLK_MACHINE_KEY"),
        ({"TOLK_MACHINE_PRICE": "cheap"}, "TOLK_MACHINE_PRICE"),
        ({"TOLK_READABILITY": "article=warm"}, "TOLK_READABILITY"),
        ({"TOLK_READABILITY": "article=gate:101"}, "TOLK_READABILITY"),
        ({"TOLK_READABILITY": "gate"}, "TOLK_READABILITY"),
    ],
)
def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], fault: str) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings.read()
    assert list(caught.value.faults) == [fault]


def test_the_key_is_never_printed(service: Service) -> None:
    told = tolk("settings").output
    assert "TOLK_MACHINE_KEY=…" in told
    assert KEY not in repr(settings.read())


def test_readability_is_told_with_the_sentences_to_begin_with(db: Database, terminal: None) -> None:
    long = "Blijf rustig lopen en doe elke dag wat meer tot je weer kunt wat je eerst kon."
    entry = create(
        db, "article", body=[a_paragraph(f"Blijf lopen. {long} Rust niet te lang.", f"b{n}") for n in (1, 2)]
    )
    told = tolk("readability", entry).output
    assert "sentences: 6; words: 46" in told
    assert "sentences of more than 15: 2" in told
    assert "readability: 100 of 100 (very easy)" in told
    assert f"   17  body.b1.text: {long}" in told
    translate(db, entry, texts={"body.b1.text": "Walk."})
    told = tolk("readability", entry, "--locale", "en").output
    assert "sentences: 1; words: 1; texts without a translation: 1" in told
    assert "sentences are 87% shorter than in the source" in told


def test_a_warning_does_not_keep_from_publishing(db: Database, terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    hard = "Bij aanhoudende ontstekingsverschijnselen is specialistische beoordeling noodzakelijk. " * 5
    entry = create(db, "article", body=[a_paragraph(hard)], authors=[published(db, "author")])
    monkeypatch.setenv("TOLK_READABILITY", "article=gate:50")
    assert "This scores 0 for readability; 50 is asked." in tolk("publish", entry, status=None).stderr
    monkeypatch.setenv("TOLK_READABILITY", "article=warn:50")
    done = tolk("publish", entry)
    assert "Warning: This scores 0 for readability" in done.stderr
    assert "Published:" in done.stdout
    wordy = "Whenever somebody has lasting signs of inflammation, assessment by a careful specialist is needed. " * 5
    translate(db, entry, texts={"title": "Putting your back out", "body.b1.text": wordy})
    assert "longer than in the source" in tolk("publish", entry, "--locale", "en").stderr
