"""Articles in the layouts of many websites, with all that should become of each beside the text as JSON."""

import json
from pathlib import Path

import pytest

from cms.content.plaintext import understand

EXPECTED = sorted((Path(__file__).parents[2] / "texts").glob("*.json"))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_an_article_of_a_website_comes_out_right_in_every_part(path: Path) -> None:
    draft = understand(path.with_suffix(".txt").read_bytes())

    assert {
        "title": draft.title,
        "summary": draft.summary,
        "body": draft.body,
        "authors": draft.authors,
        "clinics": draft.clinics,
        "dropped": [[line.line, line.reason] for line in draft.dropped],
        "doubts": [[doubt.code, doubt.line] for doubt in draft.doubts],
    } == json.loads(path.read_text(encoding="utf-8"))


def test_what_only_looks_like_the_dress_of_a_page_stays_in_the_text() -> None:
    lines = [
        "Onderwerpen die aan bod komen zijn slaap en stress.",
        "Volg ons advies op en rust uit.",
        "Lees ook de bijsluiter.",
        "Bijgewerkt schema: 3 keer per week oefenen.",
        "Door de knieën zakken, dat is de kunst.",
    ]
    draft = understand("\n\n".join(["Pillen bij pijn", "Paracetamol is vaak genoeg. Lees hier meer.", *lines]))

    assert [block["text"] for block in draft.body] == lines
    assert (draft.authors, draft.clinics, draft.dropped) == ([], [], [])


def test_the_telephone_of_somebody_else_is_not_the_clinic_s() -> None:
    draft = understand(
        "Titel\n\nEerste alinea hier.\n\nTweede.\n\nBel bij hevige pijn de huisartsenpost op 0900-8885555.\n\nSlot."
    )

    assert draft.clinics == []
    assert [doubt.code for doubt in draft.doubts] == ["contact_in_text"]


@pytest.mark.parametrize(
    ("name", "author", "phone"),
    [
        ("slapende-handen", {"name": "Sanne de Voorbeeld (voorbeeld)", "job_title": "Fysiotherapeut"}, "+31205550100"),
        (
            "stijve-rug-na-het-tuinieren",
            {
                "name": "Aylin Fictief (voorbeeld)",
                "job_title": "Oefentherapeut",
                "specialisms": [{"text": "artrose"}, {"text": "houding en werk"}, {"text": "ontspanning"}],
            },
            "+31205550110",
        ),
        (
            "zwanger-en-pijn-in-je-bekken",
            {"name": "Mirte Specimen (voorbeeld)", "job_title": "Manueel therapeut"},
            "+31205550100",
        ),
    ],
)
def test_the_texts_of_the_sample(name: str, author: dict[str, object], phone: str) -> None:
    draft = understand((Path(__file__).parents[3] / "sample" / "paste" / f"{name}.txt").read_bytes())

    assert draft.authors == [{**author, "clinics": ["@0"]}]
    assert [clinic["phones"] for clinic in draft.clinics] == [[phone]]
    assert draft.body[-1]["body"][-1] == {"type": "contact", "clinic": "@0"}
