"""These rules say who sees an image, and who may attach it to a text."""

import sqlalchemy as sa

from tenants.columns import DESK, VIEWER
from tenants.errors import Code
from tenants.images.tables import images
from tenants.policy import PART, protect, rule
from tenants.scopes import Scope

# An image is read through its subject, as a callback is; before it is attached, by its owner only.
_IS_KEPT = images.c.released_at.is_(None)
_IS_USED = images.c.subject_id.is_not(None)
_IS_SHOWN = _IS_KEPT & _IS_USED
_CAME_TO_VIEWER = _IS_KEPT & (sa.any_(images.c.desks) == DESK)
protect(
    images,
    PART,
    community=_IS_KEPT & (_IS_USED | (images.c.owner_id == VIEWER)),
    guest=_IS_SHOWN,
    app=_IS_SHOWN,
    inspector=_IS_SHOWN,
    district=_CAME_TO_VIEWER,
    department=_CAME_TO_VIEWER,
)

# Any one of these: an upload is attached to a post, a comment, a petition, an answer or a milestone.
UPLOAD = frozenset({Scope.POST_WRITE, Scope.PETITION_WRITE, Scope.PETITION_HANDLE})

# The verb that uses the image was permitted already; this checks that it is not used yet.
USE = rule(
    "use",
    Scope.BOARD_READ,
    images,
    (Code.WRONG_STATE, _IS_USED, "图片已用过。The image was used already."),
)
