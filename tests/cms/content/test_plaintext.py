"""Whole articles as clinics paste them, in varied layouts, and all that should become of each."""

from pathlib import Path
from textwrap import fill
from typing import Any

import pytest

from cms.content.plaintext import Understood, understand

TEXTS = Path(__file__).parents[2] / "texts"
CONTACT = {"type": "contact", "clinic": "@0"}


def heading(text: str) -> dict[str, Any]:
    return {"type": "heading", "level": 2, "text": text}


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


def listing(*items: str, ordered: bool = False) -> dict[str, Any]:
    return {"type": "list", "ordered": ordered, "items": [{"text": item} for item in items]}


def texts(*terms: str) -> list[dict[str, str]]:
    return [{"text": term} for term in terms]


def read(name: str) -> Understood:
    return understand((TEXTS / name).read_bytes())


def codes(draft: Understood) -> list[tuple[str, int]]:
    return [(doubt.code, doubt.line) for doubt in draft.doubts]


def test_a_blog_of_a_clinic_comes_out_right_in_every_part() -> None:
    draft = read("nek.txt")

    assert draft.title == "Au! Ik werd wakker met een stijve nek… Wat nu?"
    assert draft.summary == (
        "Bijna iedereen heeft er weleens last van: een nek die ’s morgens op slot zit. Hoe komt dat eigenlijk? En wat "
        "helpt? In dit stuk staan 4 adviezen om een stijve nek te voorkomen en wat je kunt doen als je er toch een "
        "hebt."
    )
    assert draft.body == [
        heading("Een stijve nek, hoe ontstaat die?"),
        paragraph(
            "Vaak heb je ’s nachts (zonder het te merken) lang in een verdraaide houding gelegen. Ook een dag turen "
            "naar een laptop laat de spieren “verstijven”. Tocht is zelden de oorzaak."
        ),
        paragraph(
            "Wie veel belt met de telefoon tussen oor en schouder krijgt er eerder last van. Dat geldt zowel voor "
            "jongeren als voor ouderen."
        ),
        heading("Wat is er in de nek aan de hand?"),
        paragraph(
            "De spieren rond de halswervels spannen zich aan om een gevoelig gewricht te beschermen. Meestal zakt dat "
            "binnen een week. Duurt het langer, dan kan je fysiotherapeut onderzoeken waar het vandaan komt."
        ),
        heading("4 adviezen om een stijve nek te voorkomen:"),
        listing(
            "Leg je kussen zo neer dat je hoofd en rug één lijn vormen. Een te hoog kussen knikt de nek.",
            "Zet je beeldscherm op ooghoogte. Een stapel boeken eronder is genoeg.",
            "Sta elk half uur even op, draai je schouders los en kijk naar buiten.",
            "Bel met oortjes in plaats van met de telefoon onder je oor.",
            ordered=True,
        ),
        heading("Wat kun je doen als je nek vastzit?"),
        listing(
            "Blijf rustig bewegen. Draai je hoofd tot waar het nog prettig voelt.",
            "Warmte ontspant: neem een kruik of een warme douche van 10 minuten.",
            "Neem zo nodig paracetamol. Lees eerst de bijsluiter en overleg bij twijfel met je apotheker.",
            "Slaap met een dun kussen zolang de klachten duren.",
            ordered=True,
        ),
        paragraph(
            "Fysiotherapeuten van Praktijk Zonnehof zijn gespecialiseerd in (chronische) nekklachten. Om je zo goed "
            "mogelijk te helpen werken wij via het NekNetwerk nauw samen met huisartsen."
        ),
        {
            "type": "callout",
            "title": "Heb je nekklachten die terugkomen of heb je een vraag over je nek?",
            "body": [paragraph("Dan staan onze fysiotherapeuten van Praktijk Zonnehof voor je klaar!"), CONTACT],
        },
    ]
    assert draft.authors == [
        {
            "name": "Femke van der Berg",
            "job_title": "Fysiotherapeut en Praktijkhouder",
            "specialisms": texts(
                "manuele therapie",
                "sport revalidatie",
                "behandeling van hoofdpijn",
                "echografie therapie",
                "medical taping",
            ),
            "clinics": ["@0"],
        }
    ]
    assert draft.clinics == [
        {
            "name": "Praktijk Zonnehof",
            "networks": ["NekNetwerk"],
            "phones": ["+31850000123"],
            "email": "info@praktijkzonnehof.example",
        }
    ]
    assert codes(draft) == [("contact_form_without_address", 35)]
    assert [(line.line, line.reason) for line in draft.dropped] == [(37, "empty_invitation"), (45, "link_text")]
    places = {placed.line: placed.place for placed in draft.provenance}
    assert (places[1], places[3], places[17], places[33], places[35], places[37], places[43]) == (
        "/title", "/summary", "/body/6", "/body/10", "/clinics/0", "dropped", "/authors/0",
    )  # fmt: skip


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
def test_line_ends_of_other_systems_change_nothing(end: str) -> None:
    text = (TEXTS / "nek.txt").read_text(encoding="utf-8")

    assert understand(text.replace("\n", end)) == understand(text)


@pytest.mark.parametrize("relaid", ["wrapped at 60", "wrapped at 72", "wrapped at 80", "no blanks", "blanks", "cp1252"])
def test_another_layout_of_the_same_text_gives_the_same_draft(relaid: str) -> None:
    text = (TEXTS / "nek.txt").read_text(encoding="utf-8")
    again: str | bytes
    if relaid.startswith("wrapped"):
        again = "\n".join(fill(line, int(relaid[-2:]), break_on_hyphens=False) for line in text.split("\n"))
    elif relaid == "cp1252":
        again = text.encode("cp1252")
    else:
        again = text.replace("\n\n", "\n") if relaid == "no blanks" else text.replace("\n", "\n\n")
    draft, other = understand(text), understand(again)

    assert (other.title, other.summary, other.body) == (draft.title, draft.summary, draft.body)
    assert (other.authors, other.clinics) == (draft.authors, draft.clinics)


def test_bullets_headings_without_question_marks_and_two_authors() -> None:
    draft = read("knie.txt")

    assert draft.title == "Pijn aan de voorkant van de knie"
    assert draft.summary.startswith("Traplopen, fietsen, lang zitten:")
    assert draft.body == [
        heading("Oorzaken"),
        paragraph(
            "De knieschijf glijdt bij elke buiging door een groef. Wordt de belasting te snel opgevoerd, dan raakt het "
            "gewricht geprikkeld."
        ),
        heading("Wie krijgt er last van"),
        listing("Sporters die hun training te snel opvoeren", "Jongeren in de groei", "Mensen die veel traplopen"),
        heading("Oefeningen voor thuis:"),
        listing(
            "Kniebuiging tegen de muur, 3 x 10 keer",
            "Gestrekt been heffen",
            "eerst liggend",
            "later zittend",
            "Fietsen met weinig weerstand",
        ),
        heading("Zo bouw je het op"),
        listing("Week 1 en 2: om de dag", "Week 3 en 4: elke dag", ordered=True),
    ]
    assert draft.authors == [
        {"name": "Anna Visser", "job_title": "Fysiotherapeuten"},
        {"name": "Bas de Wit", "job_title": "Fysiotherapeuten"},
    ]
    assert draft.clinics == []
    assert codes(draft) == [("nested_list", 20), ("list_lettered", 25), ("shared_by_authors", 29)]


def test_text_broken_at_72_columns_with_the_byline_above() -> None:
    draft = read("hiel.txt")

    assert draft.authors == [{"name": "drs. Joris van Dam", "job_title": "podotherapeut"}]
    assert draft.summary == (
        "Een stekende pijn onder de hiel bij de eerste stappen van de dag: dat past bij hielspoor. De klacht gaat "
        "vrijwel altijd over, al duurt het soms een jaar."
    )
    assert draft.body == [
        heading("Wat is hielspoor?"),
        paragraph(
            "Onder de voet loopt een peesplaat van de hiel naar de tenen. Waar die aan het hielbot vastzit, kan zij "
            "geïrriteerd raken. Zie ook [https://www.voetinfo.example/hiel\\_spoor]"
            "(https://www.voetinfo.example/hiel_spoor) (met filmpjes)."
        ),
        heading("Wat helpt:"),
        listing(
            "Draag schoenen met een verende zool, ook in huis, en loop niet op blote voeten.",
            "Rek de kuit elke dag 3 keer 30 seconden.",
            "Koel na het lopen, maar leg ijs nooit direct op de huid.",
            ordered=True,
        ),
        heading("Wanneer naar de huisarts?"),
        {
            "type": "callout",
            "urgency": "see_gp",
            "body": [paragraph("Neem contact op met je huisarts als je koorts hebt of als de hiel rood en warm is.")],
        },
    ]
    assert [(line.line, line.reason) for line in draft.dropped] == [(4, "date")]
    assert codes(draft) == [("urgency_guessed", 26)]


def test_an_english_text() -> None:
    draft = read("ankle.txt")
    specialisms = texts("sports injuries", "running analysis", "dry needling")

    assert draft.body == [
        heading("The first days"),
        paragraph("Rest the ankle for two days & keep it raised. Do \\*not\\* massage it yet."),
        heading("How do you build up again?"),
        listing("Walk short distances", "Draw circles with your foot", "Cycle without resistance"),
        {
            "type": "callout",
            "urgency": "emergency",
            "body": [paragraph("Call 112 if the foot is cold and blue.")],
        },
        {
            "type": "callout",
            "title": "Do you have a question about your ankle?",
            "body": [paragraph("Our physiotherapists of Riverside Clinic are happy to help."), CONTACT],
        },
    ]
    assert draft.authors == [
        {
            "name": "Alice O'Neill, MSc",
            "job_title": "physiotherapist",
            "specialisms": specialisms,
            "clinics": ["@0"],
        },
        {"name": "Tom Baker", "specialisms": specialisms, "clinics": ["@0"]},
    ]
    assert draft.clinics == [
        {"name": "Riverside Clinic", "phones": ["+442079460123"], "email": "mail@riversideclinic.example"}
    ]
    assert codes(draft) == [("urgency_guessed", 15), ("shared_by_authors", 24)]
    assert [(line.line, line.reason) for line in draft.dropped] == [(25, "link_text")]


def test_a_text_without_headings_blank_lines_or_byline() -> None:
    draft = read("slapen.txt")

    assert draft.title == "Slaap en pijn versterken elkaar"
    assert draft.summary == (
        "Wie slecht slaapt, voelt meer pijn, en wie pijn heeft, slaapt slechter. Die cirkel is te doorbreken."
    )
    assert draft.body == [
        paragraph("Ga elke dag op dezelfde tijd naar bed en sta op dezelfde tijd op. Ook in het weekend."),
        paragraph("Drink na vier uur ’s middags geen koffie meer. Alcohol maakt de slaap onrustig."),
    ]
    assert (draft.authors, draft.clinics, draft.doubts, draft.dropped) == ([], [], [], [])


def test_contact_lines_without_the_name_of_a_clinic() -> None:
    draft = read("schouder.txt")

    assert draft.body == [
        heading("Wat kun je zelf doen"),
        paragraph("Blijf de arm gebruiken onder schouderhoogte."),
        paragraph("Wissel werk met de arm omhoog af met ander werk."),
        heading("Contact"),
        CONTACT,
    ]
    assert draft.clinics == [
        {
            "name": "schouderzorg.example",
            "phones": ["+31850000456", "+31612345678"],
            "email": "balie@schouderzorg.example",
            "website": "https://www.schouderzorg.example",
            "addresses": [
                {
                    "street": "Dorpsstraat",
                    "number": "12a",
                    "postal_code": "1234 AB",
                    "city": "Voorbeeldstad",
                    "country": "NL",
                }
            ],
        }
    ]
    assert codes(draft) == [("clinic_name_missing", 13)]


def test_a_table_a_list_that_lost_its_bullets_and_a_list_of_authors() -> None:
    draft = read("opbouw.txt")

    assert draft.body == [
        heading("Het schema"),
        {
            "type": "table",
            "columns": texts("Week", "Wandelen", "Hardlopen"),
            "rows": [
                {"cells": texts("1 en 2", "4 minuten", "1 minuut")},
                {"cells": texts("3 en 4", "2 minuten", "3 minuten")},
                {"cells": texts("5 en 6", "–", "30 minuten")},
            ],
        },
        heading("Let op deze signalen:"),
        listing("pijn die na een dag niet weg is", "zwelling van het gewricht", "een gevoel van instabiliteit"),
        paragraph("Bron: [www.loopschema.example](https://www.loopschema.example)"),
    ]
    assert draft.authors == [
        {"name": "Mehmet Yıldız", "job_title": "fysiotherapeut"},
        {"name": "Sanne Bos", "job_title": "sportarts"},
    ]
    assert codes(draft) == [("table_guessed", 7), ("list_without_bullets", 13), ("source_in_text", 21)]


def test_clear_warnings_become_callouts_for_an_editor_to_confirm() -> None:
    draft = read("borst.txt")

    assert draft.body[:3] == [
        {
            "type": "callout",
            "urgency": "emergency",
            "title": "Bel direct 112 bij:",
            "body": [listing("drukkende pijn die langer dan 5 minuten duurt", "pijn die uitstraalt naar arm of kaak")],
        },
        {
            "type": "callout",
            "urgency": "urgent_today",
            "body": [paragraph("Voel je je benauwd? Bel dan meteen je huisarts.")],
        },
        paragraph("Je hoeft niet te bellen als de pijn verandert met je houding."),
    ]
    assert [block["type"] for block in draft.body[3:]] == ["paragraph"]
    assert codes(draft) == [("urgency_guessed", 5), ("urgency_guessed", 10)]
