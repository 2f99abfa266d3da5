"""A notice may have an audience; some are asked to acknowledge it."""

from datetime import datetime
from uuid import UUID

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, page
from api.engine.extend import extend
from api.engine.inputs import ref
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection
from api.schema.members import Member
from api.schema.permissions import Permission, permission
from api.schema.posts import Post, PostPermissions
from tenants.boards import notices as policy
from tenants.boards.notices import notices
from tenants.boards.service import notices as service
from tenants.boards.tables import posts, read_marks
from tenants.columns import VIEWER
from tenants.membership.offices import Office
from tenants.membership.tables import members


@object_type
class Acknowledgement:
    """一名成员签收了一则公告；居委看得到是谁，其他人只见自己的。
    A member acknowledged a notice; the staff see by whom, and others see their own only.
    """

    member: Member | None = one(
        "由这位成员签收；已迁出则为空。This member acknowledged it; it is null once they are gone.",
        members,
        {"id": read_marks.c.member_id},
    )
    at: datetime | None = column(
        "在这时签收。It was acknowledged at this time.", read_marks.c.acknowledged_at
    )


@object_type
class NoticeAudience:
    """公告给这些对象；对象之外的人也能读，只是不请他们签收。
    A notice is for this audience. Others read it too, and are not asked to acknowledge it.
    """

    buildings: list[str] | None = column(
        "公告给这些楼栋；不限则为空。It is for these buildings; it is null where it is for all.",
        notices.c.buildings,
    )
    offices: list[Office] | None = column(
        "公告给担任这些职务的人；不限则为空。\n"
        "It is for who holds these offices; it is null where it is for all.",
        notices.c.offices,
    )
    is_acknowledgement_asked: bool = column(
        "它说明是否请对象签收。It says whether its audience is asked to acknowledge it.",
        notices.c.asks_acknowledgement,
    )
    is_for_viewer: bool = column(
        "它说明您是否在对象之内。It says whether the notice is for you.", policy.IS_FOR_VIEWER
    )
    acknowledged: int = bound(
        "这么多人已签收，至多 10000。So many acknowledged it, 10000 at most.",
        b.Count(
            table=read_marks,
            on={"post_id": notices.c.post_id},
            most=10_000,
            where=policy.was_acknowledged,
        ),
    )
    acknowledgements: Connection[Acknowledgement] | None = page(
        "这里列出谁已签收；其他成员只见自己的。\n"
        "This lists who acknowledged it; only the staff see others than themselves.",
        b.Page(
            table=read_marks,
            on={"post_id": notices.c.post_id},
            order=(read_marks.c.member_id,),
            index="read_mark_pkey",
            descending=False,
            where=policy.is_acknowledgement_shown,
        ),
    )
    viewer_acknowledgement: Acknowledgement | None = one(
        "这是您的签收；没有则为空。This is yours; it is null if there is none.",
        read_marks,
        {"post_id": notices.c.post_id, "member_id": VIEWER},
        where=policy.was_acknowledged,
    )


@extend(Post)
class OfPost:
    """It adds whom a post is for."""

    audience: NoticeAudience | None = one(
        "这是公告的对象和签收；没有指定则为空。\n"
        "This says whom it is for; it is null where nothing is said.",
        notices,
        {"post_id": posts.c.id},
    )


@extend(PostPermissions)
class OfPostPermissions:
    """It adds whether the viewer is asked to acknowledge a post."""

    acknowledge_notice: Permission = permission(policy.ACKNOWLEDGE)


@verb(
    policy.ACKNOWLEDGE,
    {"post": link(Post, posts)},
    service.acknowledge,
)
class AcknowledgeNotice:
    """签收一则请您签收的公告，也即标记已读。Acknowledge a notice that asks you to; it counts as read."""

    post_id: UUID = ref(posts)
