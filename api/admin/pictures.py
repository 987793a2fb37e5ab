"""Pictures that are sent with a form, and what matters in them. How they are kept is the desk's business."""

from typing import Any

from flask import current_app, request

from api.admin import forms, session
from cms.desk import pictures
from cms.desk.pictures import Picture
from cms.errors import Invalid, Problem


def uploaded(name: str) -> Picture:
    """Keep the picture that was sent under a name. Raises Invalid where there is none, or it cannot be kept."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        raise Invalid([Problem("", "no_file")])
    return pictures.add(
        session.db(),
        session.actor(),
        sent.stream.read(pictures.MAX_BYTES + 1),
        sent.filename,
        media_dir=current_app.config["MEDIA_DIR"],
        now=session.now(),
    )


def as_content(picture: Picture) -> dict[str, Any]:
    """Return a picture as content holds it."""
    return {"src": picture.src, "width": picture.width, "height": picture.height}


def known(src: str) -> Picture | None:
    """Return the picture that was uploaded to a path of this site, None where none was."""
    return pictures.by_src(session.db(), src) if src.startswith("/") else None


def focused(src: str, x: str, y: str) -> Picture:
    """Say what matters in a picture, in per cent from left and top. Raises Invalid."""
    picture = known(src)
    if picture is None:
        raise Invalid([Problem("", "no_file")])
    wanted = [forms.whole(value, -1, digits=4) for value in (x, y)]
    return pictures.set_focus(session.db(), session.actor(), picture.id, *wanted, now=session.now())
