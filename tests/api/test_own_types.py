"""A content type of one's own, registered by a setting, is served, described and found like any other."""

import sys
from pathlib import Path

import pytest

from cms.errors import SettingsError
from tests.api.conftest import desk_at

MODULE = '''
from cms.content.blocks import body
from cms.content.fields import Choice, Day, Flag, Inline, Lines, Mail, Text, Whole, refs
from cms.content.types import ContentType, content_type


@content_type("stretch", plural="stretches", title="name", card=("name", "repetitions"))
class Stretch(ContentType):
    """A stretch to be held."""

    name = Text(required=True, metadata={"translatable": True, "searchable": True})
    hint = Inline(metadata={"translatable": True, "searchable": True})
    instruction = body()
    repetitions = Whole(minimum=1, maximum=100)
    level = Choice("easy", "hard")
    seated = Flag()
    checked = Day()
    contact = Mail()
    materials = Lines()
    topics = refs("topic")
    follows = refs("stretch")
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_types: None) -> str:
    """Return the name of a module with a content type, fit to be imported."""
    name = "clinic_of_the_test"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


def test_a_type_of_ones_own_is_served_described_and_found(database_url: str, tmp_path: Path, module: str) -> None:
    with desk_at(database_url, tmp_path, TOLK_CONTENT_TYPES=module) as desk:
        topic = desk.publish("topic", {"title": "Rug", "slug": "rug"})
        entry = desk.publish(
            "stretch",
            {
                "name": "Kat en koe",
                "hint": "Adem *rustig*.",
                "instruction": [{"id": "b1", "type": "paragraph", "text": "Maak een **bolle** rug."}],
                "repetitions": 10,
                "level": "easy",
                "topics": [topic],
                "materials": [{"id": "m1", "text": "Matje"}],
            },
        )
        document = desk.get("/v1/nl/stretches/kat-en-koe").json
        assert (document["id"], document["repetitions"], document["hint_html"]) == (entry, 10, "Adem <em>rustig</em>.")
        assert document["topics"][0]["slug"] == "rug"
        assert desk.get("/v1/nl/stretches?topic=rug").json["meta"]["total"] == 1
        assert "instruction" not in desk.get("/v1/nl/stretches").json["data"][0]
        text = desk.get("/v1/nl/stretches/kat-en-koe?format=text").json
        assert (text["instruction"], text["hint_text"]) == ("Maak een bolle rug.", "Adem rustig.")
        listed = desk.get("/v1/nl/stretches?format=text&fields=instruction").json["data"][0]
        assert listed["instruction"] == "Maak een bolle rug."
        assert desk.get("/v1/stretches/kat-en-koe").headers["Location"] == "/v1/nl/stretches/kat-en-koe"
        assert desk.get("/v1/nl/stretches/kat-en-koe?view=jsonld").json["@type"]
        assert [hit["id"] for hit in desk.get("/v1/nl/search?q=bolle&type=stretch").json["data"]] == [entry]
        assert "stretches" in desk.get("/").json
        api = desk.get("/v1/openapi.json").json
        assert "/v1/{locale}/stretches/{handle}" in api["paths"]
        assert "repetitions" in api["components"]["schemas"]["Stretch"]["properties"]
        assert "stretches" in desk.get("/docs").get_data(as_text=True)


def test_a_module_that_is_not_there_is_a_fault_of_the_settings(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError), desk_at(database_url, tmp_path, TOLK_CONTENT_TYPES="no.such.module"):
        pass
