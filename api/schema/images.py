"""Images are uploaded at `/uploads` and named by the mutation that writes the text beside them."""

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

    id: strawberry.ID = bound("标识即 `uploadId`。The id is its `uploadId`.", b.PublicId())
    url: str = column(
        "这是图片的地址：长边至多 2048 像素；长图更长，短边保留至 1080 像素，共至多 1600 "
        "万像素。\n"
        "This is the image's address: the long side has at most 2048 pixels; a long picture "
        "may have more, so that its short side keeps up to 1080, and 16 million pixels in "
        "all.",
        image_url,
    )
    thumbnail_url: str = column(
        "这是缩略图的地址：长边至多 400 像素；长图更长，短边保留至 200 像素，共至多 64 "
        "万像素。\n"
        "This is the thumbnail's address: the long side has at most 400 pixels; a long "
        "picture may have more, so that its short side keeps up to 200, and 640,000 pixels "
        "in all.",
        thumbnail_url,
    )
    width: int = column("图片有这么多像素宽。The image is so many pixels wide.", images.c.width)
    height: int = column("图片有这么多像素高。The image is so many pixels high.", images.c.height)


def images_of(subject: Any, most: int, **on: Any) -> Any:
    """Declare the images of what `subject` is the id of, in their author's order."""
    return bound(
        f"这里按作者的次序列出图片，至多 {most} 张。\n"
        f"This lists the images in their author's order, {most} at most.",
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
        f"填写图片的标识，至多 {most} 张：`POST /uploads` 所得的 `uploadId`，各用一次。\n"
        f"Give the images, {most} at most: each by an `uploadId` of `POST /uploads`, which is "
        f"used once.{more}",
        list,
    )


def kept_uploads(most: int) -> Any:
    """Declare the input that names all images that a text has from now on."""
    return ref(
        images,
        f"按次序填写今后的图片，至多 {most} 张：已有的（`Image.id`）和新上传的；不填则不变。\n"
        f"Give the images from now on in this order, {most} at most: those that it has by "
        "`Image.id`, and new uploads. They stay as they are if you leave this out.",
    )
