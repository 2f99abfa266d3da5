"""Images beside words: uploaded at `/uploads`, named by the mutation that writes the words."""

from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type
from api.engine.inputs import ref
from tenants.images.tables import images
from tenants.images.views import image_url, thumbnail_url

b.set_prefix(images, "upl")


@object_type
class Image:
    """图片是 JPEG，不含拍摄地点等信息；地址一至两小时内有效，无需令牌。
    An image is a JPEG without EXIF; its addresses need no token and are good for one to two
    hours.
    """

    id: strawberry.ID = bound(
        "标识，同 `uploadId`。Its id: the `uploadId` it came by.", b.PublicId()
    )
    url: str = column(
        "地址：长边至多 2048 像素；长图更长，短边保留至 1080 像素，共至多 1600 万像素。\n"
        "Its address: its long side has at most 2048 pixels; that of a long picture more, so that its "
        "short side keeps up to 1080, 16 million pixels in all.",
        image_url,
    )
    thumbnail_url: str = column(
        "缩略图地址：长边至多 400 像素；长图更长，短边保留至 200 像素，共至多 64 万像素。\n"
        "Its thumbnail's: at most 400 pixels long; that of a long picture is longer, so that its "
        "short side keeps up to 200, 640,000 pixels in all.",
        thumbnail_url,
    )
    width: int = column("宽，像素。Width in pixels.", images.c.width)
    height: int = column("高，像素。Height in pixels.", images.c.height)


def images_of(subject: Any, most: int, **on: Any) -> Any:
    """Declare the images of what `subject` is the id of, in their author's order."""
    return bound(
        f"图片，至多 {most} 张，按作者所排。Images, {most} at most, in their author's order.",
        b.Rows(
            table=images,
            # an officer's statement names no tenant: every index begins with it
            on={"community_id": subject.table.c.community_id, "subject_id": subject, **on},
            order=(images.c.position,),
            most=most,
        ),
    )


def uploads(most: int, more: str = "") -> Any:
    """Declare the input that names uploads; `more` is added to its description."""
    return ref(
        images,
        f"图片，至多 {most} 张：`POST /uploads` 所得的 `uploadId`，各用一次。\n"
        f"Images, {most} at most: an `uploadId` of `POST /uploads` each, to be used once.{more}",
        list,
    )


def kept_uploads(most: int) -> Any:
    """Declare the input that names all images that a text has from now on."""
    return ref(
        images,
        f"今后的图片，按此顺序，至多 {most} 张：已有的（`Image.id`）和新上传的；不给则不变。\n"
        f"The images from now on, in this order, {most} at most: of those it has (`Image.id`) and "
        "of new uploads. Left out, they stay as they are.",
    )
