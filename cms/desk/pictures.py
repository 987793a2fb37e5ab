"""Pictures that people upload: made anew from their pixels in sizes for screens, so that nothing else in them stays.

It knows no text about a picture: what stands in for it is written where it is shown, in each language.
"""

import hashlib
import io
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from cms.content import pending
from cms.content.identity import new_id, stamp
from cms.content.pictures import showing
from cms.desk.doing import doing
from cms.errors import Invalid, NotFound, Problem
from cms.people import rights
from cms.people.rights import Actor
from cms.store import Database

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
WIDTHS = (320, 640, 1280)
LARGEST = 2560  # pixels of the longer side
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF")
KINDS = {"jpg": ("JPEG", "image/jpeg"), "webp": ("WEBP", "image/webp")}


@dataclass(frozen=True)
class Rendition:
    """One size of a picture; `src` is a path on this site."""

    src: str
    width: int
    height: int
    type: str


@dataclass(frozen=True)
class Picture:
    """A picture; what matters in it lies at `focus_x` and `focus_y` percent from its left and its top."""

    id: str
    src: str
    width: int
    height: int
    focus_x: int
    focus_y: int
    name: str
    renditions: tuple[Rendition, ...]
    added_at: str
    added_by: str


def add(
    db: Database,
    actor: Actor,
    data: bytes,
    name: str,
    *,
    media_dir: Path,
    now: datetime,
    focus: tuple[int, int] = (50, 50),
) -> Picture:
    """Keep a picture and its renditions; the same pixels again are the picture that is there.

    Raises Forbidden, and Invalid where it is too large, or no picture of a kind that is taken (SVG is not).
    """
    rights.require(actor, "picture.upload")
    _refuse_focus(*focus)
    made = render(data)
    src = next(path for path in made if path.endswith(".jpg"))
    digest = src.split("-")[0]
    # Files first: a row never speaks of what is not there, and a file too many harms nobody.
    _store(media_dir, {path: content for path, (content, _) in made.items()})
    with doing(db, actor, "picture.upload", now=now, note=name) as done:
        for row in db.table("picture").rows_where("hash = ?", [digest]):
            done.nothing_done = True
            return _picture(row)
        sizes = sorted((rendition for _, rendition in made.values()), key=lambda each: (each.type, each.width))
        largest = max((each for each in sizes if each.type == "image/jpeg"), key=lambda each: each.width)
        row = {
            "id": new_id(),
            "hash": digest,
            "src": largest.src,
            "width": largest.width,
            "height": largest.height,
            "focus_x": focus[0],
            "focus_y": focus[1],
            "name": Path(name).name[:200],
            "renditions": orjson.dumps([vars(each) for each in sizes]).decode(),
            "added_at": stamp(now),
            "added_by": actor.name,
        }
        db.table("picture").insert(row)
        done.after = {"picture": row["id"], "src": row["src"]}
        return _picture(row)


def set_focus(db: Database, actor: Actor, picture: str, x: int, y: int, *, now: datetime) -> Picture:
    """Say what matters in a picture, in percent from left and top; documents that show it follow with the next drain.

    Raises Forbidden, Invalid, NotFound.
    """
    _refuse_focus(x, y)
    with doing(db, actor, "picture.upload", now=now) as done:
        before = find(db, picture)
        db.table("picture").update(picture, {"focus_x": x, "focus_y": y})
        for entry in showing(db, before.src):
            pending.mark(db, entry)
        done.before = {"picture": picture, "focus": [before.focus_x, before.focus_y]}
        done.after = {"picture": picture, "focus": [x, y]}
        return find(db, picture)


def find(db: Database, picture: str) -> Picture:
    """Return a picture; NotFound where there is none."""
    for row in db.table("picture").rows_where("id = ?", [picture]):
        return _picture(row)
    raise NotFound("picture", picture)


def by_src(db: Database, src: str) -> Picture | None:
    """Return the picture that stands at a path of this site, None where none was uploaded there."""
    return next(map(_picture, db.table("picture").rows_where("src = ?", [src])), None)


def every(db: Database, *, limit: int = 50, offset: int = 0) -> list[Picture]:
    """Return the pictures, the newest first."""
    rows = db.table("picture").rows_where(order_by="added_at desc, id desc", limit=limit, offset=offset)
    return list(map(_picture, rows))


def render(data: bytes) -> dict[str, tuple[bytes, Rendition]]:
    """Return the files that a picture is kept in, by name, with what each is. Pure. Raises Invalid."""
    image = _opened(data)
    image.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    digest = hashlib.sha256(f"{image.size}{image.mode}".encode() + image.tobytes()).hexdigest()[:24]
    found = {}
    for width in sorted({min(width, image.width) for width in (*WIDTHS, image.width)}):
        height = max(1, round(image.height * width / image.width))
        sized = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
        for suffix, (format, type) in KINDS.items():
            path = f"{digest}-{width}.{suffix}"
            found[path] = (_encoded(sized, format), Rendition(f"/media/{path}", width, height, type))
    return found


def _opened(data: bytes) -> Image.Image:
    """Return the pixels of a picture, upright, as RGB or RGBA in sRGB; all else that the file holds is left behind."""
    if len(data) > MAX_BYTES:
        raise Invalid([Problem("", "too_large", {"maximum": MAX_BYTES})])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                # The size is in the head of the file: what would fill the memory is refused before it is unpacked.
                if opened.width * opened.height > MAX_PIXELS:
                    raise Invalid([Problem("", "too_many_pixels", {"maximum": MAX_PIXELS})])
                upright = ImageOps.exif_transpose(opened)
                has_alpha = "A" in upright.getbands() or "transparency" in upright.info
                image = _in_srgb(upright, "RGBA" if has_alpha else "RGB")
                # A comment, among others, would be written along.
                image.info = {}
                return image
    except Invalid:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError, Warning) as error:
        raise Invalid([Problem("", "not_a_picture", {"choices": list(FORMATS)})]) from error
    except Image.DecompressionBombError as error:
        raise Invalid([Problem("", "too_many_pixels", {"maximum": MAX_PIXELS})]) from error


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    """Return a picture in the colours that screens take for granted where no profile says otherwise (IEC 61966-2-1).

    A profile that is broken, or is for other channels than the picture has, says nothing of how it is meant to look.
    """
    profile = image.info.get("icc_profile")
    if not profile:
        return image.convert(mode)
    # What a profile cannot speak of: indexed colours are RGB, and see-through has no colour.
    colours = image.convert("RGB") if image.mode in ("P", "PA", "RGBA", "RGBX") else image
    colours = colours.convert("L") if image.mode in ("LA", "La", "1") else colours
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.ImageCmsTransform(meant, srgb, colours.mode, "RGB").apply(colours)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image.convert(mode)
    if mode == "RGBA":
        found.putalpha(image.convert("RGBA").getchannel("A"))
    return found


def _encoded(image: Image.Image, format: str) -> bytes:
    if format == "JPEG" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    written = io.BytesIO()
    options: dict[str, Any] = {"quality": 82}
    if format == "JPEG":
        options |= {"optimize": True, "progressive": True}
    image.save(written, format, **options)
    return written.getvalue()


def _store(media_dir: Path, files: Mapping[str, bytes]) -> None:
    """Write files that are not there yet, each whole or not at all."""
    media_dir.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if not (media_dir / name).exists():
            beside = media_dir / f".{name}.{os.getpid()}.{new_id()}"
            beside.write_bytes(content)
            beside.replace(media_dir / name)


def _refuse_focus(x: int, y: int) -> None:
    problems = [
        Problem(f"/{name}", "out_of_range", {"minimum": 0, "maximum": 100})
        for name, value in (("focus_x", x), ("focus_y", y))
        if not 0 <= value <= 100
    ]
    if problems:
        raise Invalid(problems)


def _picture(row: Mapping[str, Any]) -> Picture:
    renditions = tuple(Rendition(**each) for each in orjson.loads(row["renditions"]))
    said = {name: row[name] for name in Picture.__dataclass_fields__ if name != "renditions"}
    return Picture(**said, renditions=renditions)
