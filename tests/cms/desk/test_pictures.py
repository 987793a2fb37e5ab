"""A picture is what its pixels show and nothing else; what could harm is refused before it is unpacked."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image, ImageCms

from api.public import shapes
from cms.desk import pictures
from cms.errors import Forbidden, Invalid, NotFound
from cms.people import audit
from cms.publish.refresh import drain
from cms.store import Database
from tests.builders import NOW, SITE, document, later, published
from tests.cms.desk.actors import EDITOR, TURKISH


def a_picture(width: int = 900, height: int = 600, mode: str = "RGB", format: str = "JPEG", **options: Any) -> bytes:
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    written = io.BytesIO()
    image.save(written, format, **options)
    return written.getvalue()


def codes(data: bytes) -> list[str]:
    with pytest.raises(Invalid) as caught:
        pictures.render(data)
    return [problem.code for problem in caught.value.problems]


def test_a_picture_is_kept_in_sizes_for_screens(db: Database, tmp_path: Path) -> None:
    picture = pictures.add(db, EDITOR, a_picture(1500, 1000), "C:\\foto.jpg", media_dir=tmp_path, now=NOW)
    assert (picture.width, picture.height, picture.focus_x, picture.focus_y) == (1500, 1000, 50, 50)
    assert [(each.type, each.width, each.height) for each in picture.renditions] == [
        (type, width, height)
        for type in ("image/jpeg", "image/webp")
        for width, height in ((320, 213), (640, 427), (1280, 853), (1500, 1000))
    ]
    for each in picture.renditions:
        with Image.open(tmp_path / each.src.removeprefix("/media/")) as found:
            assert (found.size, f"image/{(found.format or '').lower()}") == ((each.width, each.height), each.type)
    assert pictures.find(db, picture.id) == pictures.by_src(db, picture.src) == pictures.every(db)[0] == picture
    assert [each.action for each in audit.entries(db)] == ["picture.upload"]


def test_a_small_picture_is_not_made_larger(db: Database, tmp_path: Path) -> None:
    picture = pictures.add(db, EDITOR, a_picture(200, 100), "klein.jpg", media_dir=tmp_path, now=NOW)
    assert {each.width for each in picture.renditions} == {200}


def test_a_large_picture_is_made_smaller(db: Database, tmp_path: Path) -> None:
    picture = pictures.add(db, EDITOR, a_picture(3000, 100), "breed.jpg", media_dir=tmp_path, now=NOW)
    assert (picture.width, picture.height) == (2560, 85)


def test_where_and_when_it_was_taken_is_left_behind_and_it_stands_upright(tmp_path: Path, db: Database) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of a patient"
    data = a_picture(900, 600, exif=exif.tobytes(), comment=b"secret comment")
    assert b"Camera of a patient" in data
    picture = pictures.add(db, EDITOR, data, "foto.jpg", media_dir=tmp_path / "media", now=NOW)
    assert (picture.width, picture.height) == (600, 900)
    with Image.open(tmp_path / "media" / picture.src.removeprefix("/media/")) as image:
        left, right = (image.convert("L").getpixel((across, 450)) for across in (10, 590))
    # What was dark at the top of the file is dark at the right.
    assert (left, right) == (pytest.approx(251, abs=8), pytest.approx(4, abs=8))
    for path in (tmp_path / "media").iterdir():
        content = path.read_bytes()
        assert b"Camera of a patient" not in content
        assert b"secret comment" not in content
        with Image.open(path) as image:
            assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    ("format", "mode"),
    [
        *(("PNG", mode) for mode in ("RGB", "P", "1", "I;16", "LA", "RGBA")),
        *(("GIF", "P"), ("WEBP", "RGBA"), ("JPEG", "CMYK"), ("JPEG", "L"), ("TIFF", "CMYK"), ("AVIF", "RGB")),
    ],
)
def test_every_kind_of_picture_is_made_anew(format: str, mode: str) -> None:
    made = pictures.render(a_picture(64, 32, mode, format))
    assert {rendition.type for _, rendition in made.values()} == {"image/jpeg", "image/webp"}


def test_what_is_transparent_stays_so_where_it_can_and_is_white_elsewhere() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(written, "PNG")
    made = {
        rendition.type: Image.open(io.BytesIO(data)) for data, rendition in pictures.render(written.getvalue()).values()
    }
    assert made["image/webp"].convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert made["image/jpeg"].getpixel((0, 0)) == (255, 255, 255)


def swapping() -> bytes:
    """Return a profile of colours in which red is what others call green, and the other way round."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (profile.index(name, 128) for name in (b"rXYZ", b"gXYZ"))
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def first_pixels(data: bytes, mode: str = "RGB") -> dict[str, Any]:
    found = {}
    for content, rendition in pictures.render(data).values():
        with Image.open(io.BytesIO(content)) as image:
            assert "icc_profile" not in image.info
            found[rendition.type] = image.convert(mode).getpixel((0, 0))
    return found


def near(pixel: Any, wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 8 for one, other in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_colours_look_as_the_profile_of_the_picture_says(format: str) -> None:
    written = io.BytesIO()
    Image.new("RGB", (32, 32), (255, 0, 0)).save(written, format, icc_profile=swapping())
    assert all(near(pixel, (0, 255, 0)) for pixel in first_pixels(written.getvalue()).values())


def test_a_profile_changes_nothing_of_what_is_transparent() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (32, 32), (255, 0, 0, 128)).save(written, "PNG", icc_profile=swapping())
    assert near(first_pixels(written.getvalue(), "RGBA")["image/webp"], (0, 255, 0, 128))


def test_indexed_colours_have_their_profile_too() -> None:
    written = io.BytesIO()
    Image.new("RGB", (32, 32), (255, 0, 0)).convert("P").save(written, "PNG", icc_profile=swapping())
    assert near(first_pixels(written.getvalue())["image/jpeg"], (0, 255, 0))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "LA", "1"])
def test_a_profile_that_is_broken_or_for_other_channels_is_let_alone(mode: str) -> None:
    for profile in (b"no profile", swapping()) if mode != "RGB" else (b"no profile", swapping()[:200]):
        data = io.BytesIO()
        Image.new("RGB", (32, 32), "white").convert(mode).save(data, "TIFF", icc_profile=profile)
        assert all(near(pixel, (255, 255, 255)) for pixel in first_pixels(data.getvalue()).values())


def test_the_same_picture_again_is_the_one_that_is_there(db: Database, tmp_path: Path) -> None:
    one = pictures.add(db, EDITOR, a_picture(format="PNG"), "a.png", media_dir=tmp_path, now=NOW)
    other = pictures.add(db, EDITOR, a_picture(format="PNG", compress_level=1), "b.png", media_dir=tmp_path, now=NOW)
    assert (one, len(audit.entries(db))) == (other, 1)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"%PDF-1.4",
        b"<html><script>",
        a_picture()[:2000],
        a_picture(format="PNG")[:60],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    ],
    ids=["nothing", "half a head", "svg", "xml svg", "pdf", "html", "cut jpeg", "cut png", "zeros"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert codes(data) == ["not_a_picture"]


def test_what_would_fill_the_memory_is_refused_by_its_head() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )
    assert codes(bomb) == ["too_many_pixels"]
    assert codes(a_picture(8_000, 5_001, "L", "PNG")) == ["too_many_pixels"]


def test_what_is_too_many_bytes_is_refused() -> None:
    assert codes(a_picture() + b"\x00" * pictures.MAX_BYTES) == ["too_large"]


def test_a_picture_whose_tail_is_a_script_is_kept_without_it() -> None:
    made = pictures.render(a_picture() + SVG)
    assert all(b"<script" not in data for data, _ in made.values())


def test_who_may_not_upload_leaves_no_file(db: Database, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        pictures.add(db, TURKISH, a_picture(), "a.jpg", media_dir=tmp_path / "media", now=NOW)
    assert not (tmp_path / "media").exists()


def test_documents_and_cards_offer_the_sizes_of_what_was_uploaded(db: Database, tmp_path: Path) -> None:
    picture = pictures.add(db, EDITOR, a_picture(400, 200), "a.jpg", media_dir=tmp_path, now=NOW, focus=(10, 20))
    figure = {"id": "f1", "type": "figure", "image": {"src": picture.src}, "alt": "Een rug."}
    author = published(db, "author", photo={"src": picture.src, "alt": "Ann"})
    article = published(db, "article", authors=[author], body=[figure])
    found = document(db, article)
    image = found["body"][0]["image"]
    assert (image["width"], image["height"], image["focus"]) == (400, 200, {"x": 10, "y": 20})
    assert [(each["src"].startswith(f"{SITE.url}/media/"), each["width"]) for each in image["renditions"]] == [
        (True, width) for _ in range(2) for width in (320, 400)
    ]
    assert found["authors"][0]["photo"]["renditions"] == image["renditions"]
    schema = dict(shapes.components())
    for name, shown in (("Article", found), ("Author", document(db, author, type_name="author"))):
        resolved = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schema}}
        jsonschema.Draft202012Validator(resolved).validate(shown)
    pictures.set_focus(db, EDITOR, picture.id, 90, 80, now=NOW)
    drain(db, SITE, later(days=1))
    assert document(db, article)["body"][0]["image"]["focus"] == {"x": 90, "y": 80}
    assert document(db, article)["authors"][0]["photo"]["focus"] == {"x": 90, "y": 80}


def test_a_picture_from_elsewhere_has_no_sizes(db: Database) -> None:
    figure = {"id": "f1", "type": "figure", "image": {"src": "/media/walking.svg", "width": 3, "height": 2}, "alt": "x"}
    article = published(db, "article", body=[figure])
    assert document(db, article)["body"][0]["image"] == {
        "src": f"{SITE.url}/media/walking.svg",
        "width": 3,
        "height": 2,
    }


def test_what_matters_in_a_picture_can_be_said(db: Database, tmp_path: Path) -> None:
    picture = pictures.add(db, EDITOR, a_picture(), "a.jpg", media_dir=tmp_path, now=NOW, focus=(10, 20))
    assert (picture.focus_x, picture.focus_y) == (10, 20)
    moved = pictures.set_focus(db, EDITOR, picture.id, 0, 100, now=NOW)
    assert (moved.focus_x, moved.focus_y) == (0, 100)
    assert audit.entries(db)[0].before == {"picture": picture.id, "focus": [10, 20]}
    with pytest.raises(Invalid):
        pictures.set_focus(db, EDITOR, picture.id, 101, 0, now=NOW)
    with pytest.raises(NotFound):
        pictures.set_focus(db, EDITOR, "none", 1, 1, now=NOW)
