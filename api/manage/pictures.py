"""Pictures: sent in, listed, and what matters in them."""

from flask import current_app

from api.manage.asking import LIMIT, PAGE, offset
from api.manage.bodies import Body
from api.manage.operations import Answer, Call, Group
from api.public.parameters import whole
from cms.content.fields import Whole
from cms.desk import pictures
from cms.desk.pictures import Picture

group = Group("pictures", "Pictures, made anew from their pixels in sizes for screens.")

FOCUS = (
    whole("focus_x", "What matters in it: percent from the left.", 0, 100, 50),
    whole("focus_y", "What matters in it: percent from the top.", 0, 100, 50),
)
TAKEN = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/tiff", "application/octet-stream")


class Focus(Body):
    """What matters in a picture, in percent from its left and its top."""

    focus_x = Whole(minimum=0, maximum=100, required=True)
    focus_y = Whole(minimum=0, maximum=100, required=True)


@group.does("GET", "/pictures", needs="entry.read", gives=list[Picture], query=(PAGE, LIMIT))
def list_pictures(call: Call) -> Answer:
    """List pictures, the newest first."""
    return Answer(pictures.every(call.db, limit=call.asked["limit"], offset=offset(call.asked)))


@group.does(
    "POST",
    "/pictures",
    needs="picture.upload",
    gives={201: Picture},
    query=FOCUS,
    files=TAKEN,
    once=True,
    apart=True,
)
def add_picture(call: Call) -> Answer:
    """Send a picture; the same pixels again are the picture that is there."""
    picture = pictures.add(
        call.db,
        call.actor,
        call.upload.data,
        call.upload.name,
        media_dir=current_app.config["MEDIA_DIR"],
        now=call.now,
        focus=(call.asked["focus_x"], call.asked["focus_y"]),
    )
    return Answer(picture, 201, {"Location": f"{call.site.url}/manage/v1/pictures/{picture.id}"})


@group.does("GET", "/pictures/<picture>", needs="entry.read", gives=Picture)
def get_picture(call: Call, picture: str) -> Answer:
    """Read where a picture and its renditions are."""
    return Answer(pictures.find(call.db, picture))


@group.does("PATCH", "/pictures/<picture>", needs="picture.upload", gives=Picture, body=Focus())
def focus_picture(call: Call, picture: str) -> Answer:
    """Say what matters in a picture."""
    given = call.given
    return Answer(pictures.set_focus(call.db, call.actor, picture, given["focus_x"], given["focus_y"], now=call.now))
