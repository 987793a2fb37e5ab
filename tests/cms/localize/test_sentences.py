"""A full stop ends a sentence, except where it does not."""

import pytest

from cms.localize.sentences import sentences


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("nl", "Blijf bewegen. Rust niet.", ["Blijf bewegen.", "Rust niet."]),
        ("nl", "Wat nu? Bel 112! Nu…  Meteen", ["Wat nu?", "Bel 112!", "Nu…", "Meteen"]),
        ("nl", "Neem 1.000 mg om 17.30 uur.", ["Neem 1.000 mg om 17.30 uur."]),
        ("nl", "Doe bijv. een wandeling.", ["Doe bijv. een wandeling."]),
        ("nl", "Vraag dr. Jansen of mevr. A. de Wit.", ["Vraag dr. Jansen of mevr. A. de Wit."]),
        ("nl", "Fietsen, zwemmen enz. mag.", ["Fietsen, zwemmen enz. mag."]),
        ("nl", "Zie www.example.org/a.b voor meer.", ["Zie www.example.org/a.b voor meer."]),
        ("nl", "Hij zei: ‘Bel ons.’ Dat deed ik.", ["Hij zei: ‘Bel ons.’", "Dat deed ik."]),
        ("nl", "(Bel ons.) Of niet.", ["(Bel ons.)", "Of niet."]),
        ("nl", "Eerste regel\nTweede regel", ["Eerste regel", "Tweede regel"]),
        ("en", "Ask Dr. Smith, e.g. Monday.", ["Ask Dr. Smith, e.g. Monday."]),
        ("en", "It is vitamin D. Take it.", ["It is vitamin D. Take it."]),
        ("de", "Bewegen Sie sich z.B. draußen. Gut so.", ["Bewegen Sie sich z.B. draußen.", "Gut so."]),
        ("ar", "تحرك كل يوم. هل تشعر بالألم؟ اتصل بنا.", ["تحرك كل يوم.", "هل تشعر بالألم؟", "اتصل بنا."]),
        ("zh", "多走动。不要休息。", ["多走动。不要休息。"]),
        ("nl", "112.", ["112."]),
        ("nl", "… — !", []),
        ("nl", "", []),
    ],
)
def test_sentences(locale: str, text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text, locale)] == expected


def test_words_are_those_of_the_search() -> None:
    assert sentences("Neem 1,5 liter per dag, zo'n 3x.", "nl")[0].words == (
        "Neem", "1,5", "liter", "per", "dag", "zo'n", "3x",
    )  # fmt: skip
