"""What signed-in people could do to each other and to readers: previews, files, pasted text, drafts, all at once."""

import io
import re
import struct
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain
from threading import Barrier
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from api.admin.segments import short
from api.application import create_app
from cms.content import revisions
from cms.content.identity import new_id
from cms.desk import preview
from cms.localize import translations
from cms.people import audit, managing, one_time, own_secrets, recovery, sessions, users
from cms.people.rights import OPERATOR
from tests.api.admin.conftest import PASSWORD, Office, Visitor, form_token, sign_in

BODY = [{"id": "b1", "type": "paragraph", "text": "Blijf bewegen."}]
only_here = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def eva(office: Office) -> Visitor:
    """Sign in an editor."""
    return office.visit(office.person("eva", "editor"))


@only_here
def test_a_preview_link_shows_what_it_was_made_for_and_ends(office: Office) -> None:
    db, now = office.desk.db, datetime.now(UTC)
    other = office.desk.clinic()
    entry = office.desk.article(clinics=[other])
    secret = own_secrets.of(db, "preview")
    good = preview.token(secret, entry, "nl", 1, now + timedelta(hours=1))
    said, _, signature = good.partition(".")
    client = office.stranger()

    def written(*what: Any) -> str:
        return urlsafe_b64encode(orjson.dumps(what)).rstrip(b"=").decode()

    later = "2999-01-01T00:00:00Z"
    assert client.get(f"/admin/preview/{good}").status_code == 200
    for bad in (
        said, f"{said}.", f".{signature}", f"{said}.{signature}x", f"{said}.{signature[:-1]}",
        f"{said}={'.'}{signature}",
        f"{said}.{signature}.{signature}", signature, f"{said}..{signature}", f"{said}.é",
        *(f"{written(*what)}.{signature}" for what in (
            (other, "nl", 1, later), (entry, "en", 1, later), (entry, "nl", 2, later), (entry, "nl", 1, later), (),
            ("x",),
        )),
        preview.token(secret, entry, "nl", 1, now - timedelta(seconds=1)),
        preview.token("", entry, "nl", 1, now + timedelta(hours=1)),
        preview.token(own_secrets.of(db, "another"), entry, "nl", 1, now + timedelta(hours=1)),
    ):  # fmt: skip
        assert client.get(f"/admin/preview/{bad}").status_code == 410, bad
    # Who has the link has nothing else.
    for path in (f"/admin/entries/{entry}/preview", f"/admin/preview/{good}/../../people", f"/admin/preview/{good}/x"):
        assert client.get(path).status_code in (303, 404), path
    managing.rotate_secrets(db, OPERATOR, now=now)
    assert client.get(f"/admin/preview/{good}").status_code == 410


@only_here
def test_a_preview_link_tells_no_visitor_who_made_it(office: Office, eva: Visitor) -> None:
    entry = office.desk.article()
    link = re.search(r"link=([\w.-]+)", eva.post(f"/admin/entries/{entry}/preview", locale="nl", lasts="1").location)
    assert link
    shown = office.stranger().get(f"/admin/preview/{link[1]}")
    assert "noindex" in shown.headers["X-Robots-Tag"]
    for private in ("Eva", "eva@example.org", entry, 'name="csrf"'):
        assert private not in shown.text.replace(f"/admin/entries/{entry}", ""), private


def png(width: int, height: int) -> bytes:
    """Return the head of a picture that says it is so large, and nearly nothing else."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def small(kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, kind)
    return made.getvalue()


SCRIPT = b"<script>alert(1)</script>"
NO_PICTURES = {
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a.jpg": b"<html>" + SCRIPT,
    "a.png": b"",
    "b.png": b"\x89PNG\r\n\x1a\n",
    "c.png": png(100_000, 100_000),
    "d.png": small()[:40],
    "e.pdf": b"%PDF-1.7\n" + SCRIPT,
    "f.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    "g.bmp": small("BMP"),
    "h.ico": small("ICO"),
    "i.xpm": b"! XPM2\n1 1 1 1\n",
    "j.png": b"x" * 10_000_001,
}


def send_picture(visitor: Visitor, name: str, data: bytes) -> TestResponse:
    """Send a picture with the form of a new author."""
    form = {"csrf": visitor.csrf, "entry": new_id(), "do": "upload /photo", "/name": "Jos", "/photo~": ""}
    boundary, body = encode_multipart({**form, "file /photo": FileStorage(io.BytesIO(data), name)})
    kind = f'multipart/form-data; boundary="{boundary}"'
    return visitor.client.post("/admin/authors/new", data=body, content_type=kind)


@only_here
def test_what_is_no_picture_is_not_kept(office: Office, eva: Visitor) -> None:
    for name, data in NO_PICTURES.items():
        answer = send_picture(eva, name, data)
        assert answer.status_code == 422, name
        assert office.desk.db.table("picture").count_where() == 0, name
    assert not list(office.desk.settings.media_dir.glob("**/*"))


@only_here
@pytest.mark.parametrize(
    "name",
    ["../../evil.jpg", "/etc/evil.jpg", "..\\..\\evil.jpg", "a.html", "a.svg", "a.jpg.php", "é" * 300,
     "<img src=x onerror=alert(1)>.png", "CON", ".htaccess"],
)  # fmt: skip
def test_a_picture_is_kept_by_its_pixels_alone(office: Office, eva: Visitor, name: str) -> None:
    # Behind the pixels something else: who takes the file for a page finds a script.
    answer = send_picture(eva, name, small() + SCRIPT)
    assert answer.status_code == 303, answer.text
    folder = office.desk.settings.media_dir
    files = sorted(file.relative_to(folder).as_posix() for file in folder.glob("**/*"))
    assert [re.fullmatch(r"[0-9a-f]{24}-8\.(jpg|webp)", file) is not None for file in files] == [True, True]
    for file in files:
        assert b"script" not in (folder / file).read_bytes()
        served = office.stranger().get(f"/media/{file}", buffered=True)
        assert served.mimetype in ("image/jpeg", "image/webp")
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in served.headers["Content-Security-Policy"]


PASTED = (
    "<script>alert(1)</script><p>Rust</p>",
    "<p onclick=alert(1) style='color:red'>Rust <img src=x onerror=alert(1)></p>",
    "<svg><script>alert(1)</script><text>Rust</text></svg>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math><p>Rust</p>",
    "<p><a href='javascript:alert(1)'>Rust</a> <a href='data:text/html,x'>x</a></p>",
    "<style>p{background:url(//evil.example)}</style><p>Rust</p>",
    "<!--[if gte mso 9]><script>alert(1)</script><![endif]--><p>Rust</p>",
    "<template><script>alert(1)</script></template><noscript><p>Rust</p></noscript>",
    "<div>" * 10_000 + "Rust" + "</div>" * 10_000,
    "<ul><li>" * 5_000 + "Rust",
    "<b>" * 10_000 + "Rust",
    "<table><tr><td>" * 2_000 + "Rust",
    "<p>\0\ufffe&#0;&#xD800;Rust</p>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e; Rust</p>",
    "<p>Rust</p>" * 200,
    "",
)


@only_here
@pytest.mark.parametrize("html", PASTED, ids=range(len(PASTED)))
def test_what_is_pasted_is_text_whatever_it_was(office: Office, eva: Visitor, html: str) -> None:
    answer = eva.post("/admin/paste", html=html)
    assert answer.status_code == 200
    assert "alert(1)" not in answer.text and "evil" not in answer.text and "root:" not in answer.text
    entry = new_id()
    form = {"csrf": eva.csrf, "entry": entry, "do": "paste /body/0", "html": html, "/body/0/type": "paragraph"}
    assert eva.client.post("/admin/articles/new", data=form).status_code in (303, 422)
    shown = eva.get(f"/admin/articles/new?entry={entry}")
    assert shown.status_code == 200
    assert "alert(1)" not in shown.text


DEEP = {
    "deep lists": "[" * 300 + "]" * 300,
    "deeper lists": "[" * 20_000 + "]" * 20_000,
    "deep objects": '{"a":' * 900 + "1" + "}" * 900,
    "a huge number": "9" * 4_000,
    "beyond numbers": "9" * 100_000,
    "no number": "[NaN, Infinity, -1e999]",
    "a lone surrogate": '"\\ud800"',
    "nothing": "null",
    "a block that is none": '{"type": {"a": []}, "id": [1], "text": {"x": null}}',
}


@only_here
@pytest.mark.parametrize("said", DEEP)
def test_no_body_of_a_form_breaks_the_page_or_is_saved(office: Office, eva: Visitor, said: str) -> None:
    entry = office.desk.article()
    for name in ("/body/0", "/body/0/type", "/body", "/references/0/title", "/title", "/last_reviewed", "/topics/0"):
        for verb in ("keep", "save", "add /body 0 paragraph", "up /body/0", "remove /body/0"):
            form = {"csrf": eva.csrf, "do": verb, "based_on": "1", "/title": "Nek", name: DEEP[said]}
            answer = eva.client.post(f"/admin/entries/{entry}", data=form)
            assert answer.status_code < 500, (name, verb)
        shown = eva.get(f"/admin/entries/{entry}?draft=on")
        assert shown.status_code == 200, name
    assert all(isinstance(block, dict) for block in revisions.latest(office.desk.db, entry).content.get("body", []))


@only_here
def test_names_of_fields_that_lead_nowhere_change_nothing(office: Office, eva: Visitor) -> None:
    entry = office.desk.article()
    before = revisions.latest(office.desk.db, entry)
    form = {"csrf": eva.csrf, "do": "keep", "based_on": "1"}
    for name in ("/__class__/x", "/schema", "/~removed/x", "/body/-1/text", "/body/99999999/text", "/" * 5_000,
                 "/body/٣/text", "//", "~", "/~", "/id", "/type", "/entry", "/slug/0/0"):  # fmt: skip
        form[name] = "x"
    assert eva.client.post(f"/admin/entries/{entry}", data=form).status_code < 500
    assert revisions.latest(office.desk.db, entry) == before
    for verb in ("up /body/-1", "remove /", "add /__init__ 0 x", "fill /", "move", "swap /body 0 99999999999",
                 "back /../x", "paste /body/9" * 500, "focus /photo", "upload /title", "\0", "save\0"):  # fmt: skip
        answer = eva.client.post(f"/admin/entries/{entry}", data={"csrf": eva.csrf, "do": verb, "/title": "Nek"})
        assert answer.status_code < 500, verb


@only_here
def test_a_draft_is_its_writers_alone(office: Office, eva: Visitor) -> None:
    rob = office.visit(office.person("rob", "editor"))
    entry, new = office.desk.article(), new_id()
    eva.post(f"/admin/entries/{entry}", do="keep", **{"/title": "Van Eva"})
    eva.post("/admin/articles/new", do="keep", entry=new, **{"/title": "Nieuw van Eva"})
    for path in (
        f"/admin/entries/{entry}?draft=on",
        f"/admin/articles/new?entry={new}",
        "/admin/articles/new",
        "/admin/",
    ):
        assert "van Eva" not in rob.get(path).text.replace("Van", "van"), path
    rob.post(f"/admin/entries/{entry}", do="discard")
    assert "Van Eva" in eva.get(f"/admin/entries/{entry}?draft=on").text


@only_here
def test_a_translator_writes_in_no_other_language_whatever_the_form_says(office: Office) -> None:
    db, entry = office.desk.db, office.desk.article()
    tom = office.visit(office.person("tom", "translator", locales=("tr",)))
    mark = f"{short('Stijve nek')}.."
    before = len(audit.entries(db))
    forged = {"locale": "tr", "target_locale": "tr", "mark:title": mark, "text:title": "Kark"}
    for verb in ("save title", "review title", "approve title", "publish", "approve-all", "take title"):
        answer = tom.post(f"/admin/entries/{entry}/translate/pl?locale=tr", do=verb, **forged, **{"take:title": "Kark"})
        assert answer.status_code == 403, verb
    for state in ("approved", "needs_review"):
        answer = tom.post(f"/admin/entries/{entry}/translate/tr", do="approve title", state=state, **forged)
        assert answer.status_code == 403
    assert not translations.working(db, entry, "pl")
    # A file that says it is in another language than the page is about.
    head = "entry,path,source,target,source_locale,locale\r\n"
    for locale in ("pl", "nl", "../tr"):
        data = f"{head}{entry},title,Stijve nek,Kark,nl,{locale}\r\n".encode()
        sent = {"csrf": tom.csrf, "do": "keep", "file": (io.BytesIO(data), "x.csv")}
        assert tom.client.post(f"/admin/entries/{entry}/translate/tr/files", data=sent).status_code == 422, locale
    assert not translations.working(db, entry, "pl")
    assert len(audit.entries(db)) == before


@only_here
def test_a_file_about_another_entry_is_refused(office: Office, eva: Visitor) -> None:
    clinic = office.desk.clinic()
    entry, other = (office.desk.article(clinics=[clinic], slug=slug) for slug in ("een", "ander"))
    data = f"entry,path,source,target,source_locale,locale\r\n{other},title,Stijve nek,Boyun,nl,tr\r\n".encode()
    sent = {"csrf": eva.csrf, "do": "keep", "file": (io.BytesIO(data), "../../<b>x.csv")}
    assert eva.client.post(f"/admin/entries/{entry}/translate/tr/files", data=sent).status_code == 422
    assert not translations.working(office.desk.db, other, "tr")


def at_once(office: Office, run: Callable[[FlaskClient, int], Any], count: int = 3) -> list[Any]:
    """Run something in servers of their own, beside each other."""
    # Who fails before the start must not leave the others waiting for ever.
    start = Barrier(count, timeout=30)
    apps = [create_app(office.desk.settings) for _ in range(count)]

    def serve(number: int) -> Any:
        app = apps[number]
        client = app.test_client()
        client.get("/admin/sign-in")
        start.wait()
        try:
            return run(client, number)
        finally:
            app.extensions["tolk_connections"].close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(serve, range(count)))


def test_a_form_that_is_sent_twice_makes_one_entry(office: Office, eva: Visitor) -> None:
    entry = new_id()
    form = {"csrf": eva.csrf, "entry": entry, "do": "save", "/name": "Praktijk Noord"}

    def send(client: FlaskClient, _: int) -> int:
        client.set_cookie("tolk-session", eva.token)
        return client.post("/admin/clinics/new", data=form).status_code

    assert set(at_once(office, send)) <= {303, 409, 422}
    made = office.desk.db.query("select id from entry where type = 'clinic'")
    assert [row["id"] for row in made] == [entry]
    assert revisions.latest(office.desk.db, entry).number == 1


def test_of_many_passwords_at_once_few_are_tried(office: Office) -> None:
    office.person("jos", "editor", password=PASSWORD)

    def attempt(client: FlaskClient, number: int) -> list[int]:
        return [sign_in(client, "jos@example.org", f"wrong {number} {each}").status_code for each in range(3)]

    assert sorted(chain.from_iterable(at_once(office, attempt))) == [401] * 5 + [429] * 4


def test_a_recovery_code_opens_one_door_however_often_it_is_sent_at_once(office: Office) -> None:
    jos = office.person("jos", "editor", password=PASSWORD)
    code = recovery.make(office.desk.db, jos.id, now=datetime.now(UTC))[0]
    tickets = [one_time.make(office.desk.db, jos.id, "second", now=datetime.now(UTC)) for _ in range(3)]

    def attempt(client: FlaskClient, number: int) -> int:
        client.set_cookie("tolk-ticket", tickets[number])
        token = form_token(client.get("/admin/sign-in/second").text)
        return client.post("/admin/sign-in/second", data={"csrf": token, "code": code}).status_code

    assert sorted(at_once(office, attempt)) == [303, 401, 401]
    assert len(sessions.of(office.desk.db, jos.id, datetime.now(UTC))) == 1


@only_here
def test_a_form_of_somebody_who_was_just_shut_out_does_nothing(office: Office, eva: Visitor) -> None:
    entry = office.desk.article()
    users.change(office.desk.db, eva.user.id, state="disabled", now=datetime.now(UTC))
    answer = eva.post(f"/admin/entries/{entry}", do="save", based_on="1", **{"/title": "Evil"})
    assert answer.status_code == 403
    assert revisions.latest(office.desk.db, entry).number == 1
