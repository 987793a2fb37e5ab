"""What is understood of single lines: tables of what is pasted and what it should become."""

from html import unescape

import pytest
from markdown_it import MarkdownIt

from cms.content.plaintext import understand
from cms.content.plaintext.callouts import urgency
from cms.content.plaintext.channels import channels
from cms.content.plaintext.clinics import clinic_names, networks
from cms.content.plaintext.inline import markdown
from cms.content.plaintext.lines import gather
from cms.content.plaintext.names import Person, is_name, people
from cms.content.plaintext.specialisms import specialisms
from cms.errors import Invalid


@pytest.mark.parametrize(
    ("text", "terms", "unsure"),
    [
        (
            "rug revalidatie & long revalidatie, behandeling van jicht, cupping en yoga.",
            ["rug revalidatie", "long revalidatie", "behandeling van jicht", "cupping", "yoga"],
            False,
        ),
        ("nek- en schouderklachten, hoofdpijn", ["nek- en schouderklachten", "hoofdpijn"], False),
        ("sportfysiotherapie en manuele therapie", ["sportfysiotherapie", "manuele therapie"], False),
        ("behandeling van heup en knie", ["behandeling van heup en knie"], True),
        ("klachten (knie, heup en enkel), taping", ["klachten (knie, heup en enkel)", "taping"], False),
        ("echografie, en dry needling", ["echografie", "dry needling"], False),
        ("", [], False),
    ],
)
def test_specialisms_are_taken_apart(text: str, terms: list[str], unsure: bool) -> None:
    assert specialisms(text) == (terms, unsure)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jos Smit", [Person("Jos Smit")]),
        ("dr. A.B. van 't Hof", [Person("dr. A.B. van 't Hof")]),
        ("Ann Ros en Bas de Wit", [Person("Ann Ros"), Person("Bas de Wit")]),
        ("Ann Ros, Bas de Wit & Çağla Öz", [Person("Ann Ros"), Person("Bas de Wit"), Person("Çağla Öz")]),
        ("Ann Ros, arts en docent", [Person("Ann Ros", "arts en docent")]),
        ("Ann Ros (arts) en Bas de Wit (docent)", [Person("Ann Ros", "arts"), Person("Bas de Wit", "docent")]),
        ("Ann Ros – huisarts", [Person("Ann Ros", "huisarts")]),
        ("Fysiotherapeut Ann Ros", [Person("Ann Ros", "Fysiotherapeut")]),
        ("Ann Ros, PhD", [Person("Ann Ros, PhD")]),
        ("de rug gaan", []),
        ("het team van de praktijk", []),
        ("Ann Ros <b>arts</b>", []),
        ("", []),
    ],
)
def test_a_byline_names_people(text: str, expected: list[Person]) -> None:
    assert people(text) == expected


@pytest.mark.parametrize("text", ["Fysiotherapeut", "Wat nu?", "12 mei", "Lees verder.", "en", "van Huis uit doen"])
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("Bel 085-0000123", ("+31850000123",)),
        ("+31 (0)85 000 01 23 / 06-12345678", ("+31850000123", "+31612345678")),
        ("0900 1234", ("+319001234",)),
        ("14 020", ("+3114020",)),
        ("Bel 112 of 113", ()),
        ("0800-0113 of 0900-8844", ()),
        ("op 12-10-2024 om 10.30 uur", ()),
        ("BIG 12345678901", ()),
    ],
)
def test_telephone_numbers_are_kept_in_e164_and_public_ones_left_alone(text: str, phones: tuple[str, ...]) -> None:
    assert channels(text).phones == phones


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bel 112.", "emergency"),
        ("Let op: bel direct 112 bij verlamming.", "emergency"),
        ("Plotseling krachtverlies? Bel onmiddellijk 112!", "emergency"),
        ("Bel direct je huisarts als je niet kunt plassen.", "urgent_today"),
        ("Ga meteen naar de huisartsenpost. Bel * niet eerst.", None),
        ("Bel je huisarts als het na een week niet over is.", "see_gp"),
        ("Bel 112 niet voor een gewone verkoudheid.", None),
        ("Je hoeft niet meteen 112 te bellen.", None),
        ("De huisarts kan je doorverwijzen.", None),
        ("Wanneer bel je 112?", None),
    ],
)
def test_only_a_clear_command_is_urgent(text: str, expected: str | None) -> None:
    assert urgency(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4, snake_case_name en [haakjes](x)",
        r"back\slash `code` <b>vet</b> & &copy; &#65; ~~weg~~ ![x](y)",
        "**vet** __ook__ <https://x.example>",
        "1. geen lijst # geen kop > geen citaat",
        "Kijk op www.x.example, of mail info@x.example.",
        "https://x.example/a_b_(c)?d=1&e=2#f)",
    ],
)
def test_markdown_reads_back_as_pasted(text: str) -> None:
    rendered = MarkdownIt("commonmark", {"html": False}).renderInline(markdown(text))

    assert unescape(_without_tags(rendered)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zie www.x.example.", "zie [www.x.example](https://www.x.example)."),
        ("(https://x.example/a)", "([https://x.example/a](https://x.example/a))"),
        ("mail info@x.example!", "mail [info@x.example](mailto:info@x.example)!"),
        ("thuisarts.nl is geen link", "thuisarts.nl is geen link"),
        ("a@b en http:// ook niet", "a@b en http:// ook niet"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_only_unambiguous_addresses_become_links(text: str, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("- a\n- b", ["a", "b"]),
        ("* a\n\n* b", ["a", "b"]),
        ("–\ta\n–\tb", ["a", "b"]),
        ("•a\n•\tb", ["a", "b"]),
        ("o\ta\no\tb", ["a", "b"]),
        ("•\nEerste\n•\nTweede", ["Eerste", "Tweede"]),
        ("1. a\n2) b\n(3) c", ["a", "b", "c"]),
        ("a) x\nb) y", ["x", "y"]),
        ("1. een\n   regel verder\n2. twee", ["een regel verder", "twee"]),
    ],
)
def test_list_items(text: str, items: list[str]) -> None:
    units, _ = gather(text)

    assert [(unit.kind, unit.text) for unit in units] == [("item", item) for item in items]


@pytest.mark.parametrize("text", ["-5 graden", "2024. Een jaar", "*Let op* dit", "A. Visser", "1,5 liter", "oom"])
def test_what_is_no_list_item(text: str) -> None:
    units, _ = gather(text)

    assert [(unit.kind, unit.text) for unit in units] == [("text", text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kom langs bij onze fysiotherapeuten van Fysio aan de Maas.", "Fysio aan de Maas"),
        ("Wij van Huisartsenpraktijk De Linde denken mee.", "Huisartsenpraktijk De Linde"),
        ("Bezoek Praktijk Zonnehof, wij staan klaar.", "Praktijk Zonnehof"),
        ("Our therapists at The Back Clinic can help.", "Back Clinic"),
        ("Onderzoekers van de Universiteit Utrecht vonden dit.", None),
        ("De fysiotherapeut van je keuze helpt.", None),
    ],
)
def test_a_clinic_is_named_where_it_speaks(text: str, name: str | None) -> None:
    units, _ = gather(text)

    assert next(iter(clinic_names(units, [])), None) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wij werken via het SchouderNetwerk samen.", ["SchouderNetwerk"]),
        (
            "Wij zijn aangesloten bij ParkinsonNet en lid van het Chronisch ZorgNet.",
            ["ParkinsonNet", "Chronisch ZorgNet"],
        ),
        ("Je vindt het via Internet of via het netwerk.", []),
        ("Hij werd lid van het Concertgebouw.", []),
    ],
)
def test_networks(text: str, expected: list[str]) -> None:
    assert networks(text, "") == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty_text"),
        (" \n\u200b\n", "empty_text"),
        ("---\n***", "empty_text"),
        (b"\x00\x01\x02 binair", "not_text"),
        (b"\x89PNG\r\n\x1a\n\x81\x8d", "not_utf8"),
        ("half een \ud83d teken", "not_utf8"),
        (b"a" * (1024 * 1024 + 1), "too_large"),
        ("é" * 600_000, "too_large"),
        ("a\n" * 20_001, "too_many_lines"),
    ],
)
def test_what_is_no_text_is_refused(raw: str | bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        understand(raw)

    assert [(problem.pointer, problem.code) for problem in caught.value.problems] == [("", code)]


@pytest.mark.parametrize(
    ("raw", "title", "doubts"),
    [
        ("\ufeffKnie\u00adpijn\u00a0nu".encode(), "Kniepijn nu", []),
        ("Een “knie” kost € 5".encode("cp1252"), "Een “knie” kost € 5", ["decoded_as"]),
        ("Een knie".encode("utf-16"), "Een knie", ["decoded_as"]),
        ("Kni\u200be \u202eom\u202c", "Knie om", ["invisible_characters"]),
        ("Cafe\u0301", "Café", []),
        ("Kop\x0bpijn", "Kop", []),
        ("می\u200cخواهم", "می\u200cخواهم", []),
        ("Kni\ufffde", "Kni\ufffde", ["unreadable_characters"]),
        ("KnieÃ«n", "KnieÃ«n", ["garbled_characters"]),
    ],
)
def test_characters_are_cleaned(raw: str | bytes, title: str, doubts: list[str]) -> None:
    draft = understand(raw)

    assert draft.title == title
    assert [doubt.code for doubt in draft.doubts if doubt.code != "no_lead"] == doubts


def test_numbered_lines_with_text_between_them_keep_their_numbers_as_headings() -> None:
    draft = understand("Tips\n\nDit helpt bij klachten.\n\n1. Houding\n\nZit recht.\n\n2. Beweging\n\nLoop vaak.")

    assert [(block["type"], block["text"]) for block in draft.body] == [
        ("heading", "1. Houding"),
        ("paragraph", "Zit recht."),
        ("heading", "2. Beweging"),
        ("paragraph", "Loop vaak."),
    ]


def test_three_short_lines_together_are_no_headings() -> None:
    draft = understand("Titel\n\nDit helpt.\n\nDrink water\nNeem rust\nGa naar buiten\n\nDat was het. Succes!")

    assert {block["type"] for block in draft.body} == {"paragraph"}
    assert [doubt.code for doubt in draft.doubts] == ["short_lines"]


def test_an_opener_above_a_warning_is_its_title() -> None:
    draft = understand("Titel\n\nDit helpt.\n\nLet op!\n\nBel bij benauwdheid direct 112.\n\nSlot.")

    assert draft.body[0] == {
        "type": "callout",
        "urgency": "emergency",
        "title": "Let op!",
        "body": [{"type": "paragraph", "text": "Bel bij benauwdheid direct 112."}],
    }


def test_more_behind_a_name_is_the_life_of_the_author() -> None:
    draft = understand("Titel\n\nEerste alinea.\n\nTweede.\n\nGeschreven door Ann Ros, arts. Ann werkt in Dorp.")

    assert draft.authors == [{"name": "Ann Ros", "job_title": "arts", "bio": "Ann werkt in Dorp."}]


def test_a_list_that_counts_anew_is_another_list() -> None:
    draft = understand("Tips\n\nDit helpt.\n\n1. a\n2. b\n\n1. c\n2. d")

    assert [len(block["items"]) for block in draft.body] == [2, 2]


def test_a_list_that_begins_elsewhere_is_doubtful() -> None:
    draft = understand("Tips\n\nDit helpt.\n\n3. a\n4. b")

    assert [(doubt.code, doubt.values) for doubt in draft.doubts] == [("list_numbering", {"numbers": [3, 4]})]


def test_a_word_broken_at_a_line_end_keeps_its_hyphen() -> None:
    draft = understand(
        f"Titel\n\n{'Woorden tot aan de kantlijn van een regel met e-'}\nmail erin.\n\nSlot van dit stuk."
    )

    assert draft.summary.endswith("met e-mail erin.")
    assert [doubt.code for doubt in draft.doubts] == ["hyphen_at_line_end"]


def test_roles_below_names_below_the_word_author() -> None:
    text = (
        "Titel\n\nDe tekst staat hier.\n\nEn hier.\n\nGeschreven door:\nAnn Ros\nSportarts\n"
        "BIG-nummer: 12345678901\nBas de Wit\nDiëtist"
    )

    assert understand(text).authors == [
        {
            "name": "Ann Ros",
            "job_title": "Sportarts",
            "credentials": [{"kind": "BIG", "number": "12345678901"}],
        },
        {"name": "Bas de Wit", "job_title": "Diëtist"},
    ]


def test_a_byline_that_names_nobody_stays_in_the_text() -> None:
    draft = understand("Titel\n\nEerste alinea hier.\n\nGeschreven door: een van de stagiaires die bij ons was.")

    assert draft.authors == []
    assert "byline_unclear" in [doubt.code for doubt in draft.doubts]
    assert draft.body[-1]["text"] == "Geschreven door: een van de stagiaires die bij ons was."


def test_contact_details_of_others_stay_in_the_text() -> None:
    draft = understand(
        "Titel\n\nEerste alinea hier.\n\nMeer informatie\n\nWebsite: www.patienten.example\n\n"
        "Bel 113 of 0800-0113.\n\nSlot."
    )

    assert draft.clinics == []
    assert "113" in str(draft.body)
    assert "www.patienten.example" in str(draft.body)


def test_contact_details_in_a_sentence_of_the_clinic_are_read_and_stay() -> None:
    draft = understand(
        "Titel\n\nEerste alinea hier.\n\nTweede alinea.\n\n"
        "Wil je iets vragen? Bel Praktijk Zonnehof, wij zijn er van 8 tot 17 uur: 085-0000123."
    )

    assert draft.clinics == [{"name": "Praktijk Zonnehof", "phones": ["+31850000123"]}]
    assert draft.body[-1]["type"] == "callout"
    assert draft.body[-1]["body"][0]["text"].endswith("085-0000123.")
    assert draft.body[-1]["body"][1] == {"type": "contact", "clinic": "@0"}


def test_a_byline_alone_is_a_title() -> None:
    assert understand("Geschreven door: Ann Ros").title == "Geschreven door: Ann Ros"


def test_a_first_line_that_is_a_whole_paragraph_stays_in_the_body() -> None:
    long = "Dit is een zin zonder titel. " + "En nog een zin die erbij hoort. " * 10
    draft = understand(long)

    assert draft.title == "Dit is een zin zonder titel."
    assert [block["text"] for block in draft.body] == [long.strip()]
    assert "title_guessed" in [doubt.code for doubt in draft.doubts]


def _without_tags(html: str) -> str:
    for tag in ("</a>", "<em>", "</em>", "<strong>", "</strong>", "<code>", "</code>"):
        html = html.replace(tag, "")
    while "<a " in html:
        start = html.index("<a ")
        html = html[:start] + html[html.index(">", start) + 1 :]
    return html
