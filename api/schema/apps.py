"""Third-party apps: who reads a community besides its members; registered, suspended, resumed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link, told
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.permissions import Permission, can, permission, permissions
from api.schema.places import Community, CommunityPermissions, District
from tenants.apps import service
from tenants.apps.policy import REGISTER_APP, RESUME_APP, ROTATE_APP_SECRET, SUSPEND_APP
from tenants.apps.tables import CONTACT_LENGTH, AppState, apps
from tenants.apps.views import client_id, scopes
from tenants.membership.tables import DISPLAY_NAME_LENGTH, NOTE_LENGTH
from tenants.places.tables import communities, districts
from tenants.scopes import Scope

node_over(apps, "app", "ThirdPartyApp")

published(AppState, "ThirdPartyAppState")


@object_type
class ThirdPartyApp(Node):
    """第三方应用只读社区，所见不超过居民所见，不能投票或署名；成员都看得到有哪些应用。
    A third-party app reads what every member sees and changes nothing; all members see which apps
    there are.
    """

    id: strawberry.ID = public_id()
    name: str = column("名称。Name.", apps.c.display_name)
    contact: str = column("联系方式。Whom to ask about it.", apps.c.contact)
    scopes: list[Scope] = column(
        "可用的权限范围。What its tokens may be used for, at most.", scopes
    )
    state: AppState = column("状态。State.", apps.c.state)
    suspension_reason: str | None = column(
        "暂停的理由。Why it is suspended.", apps.c.suspended_reason
    )
    is_registered_from_above: bool = column(
        "由街镇或区登记。Whether the street or district registered it.",
        apps.c.registered_from_above,
    )
    created_at: datetime = column("登记时间。When it was registered.", apps.c.created_at)
    secret_at: datetime = column("密钥的时间。When its secret was made.", apps.c.secret_at)
    old_secret_until: datetime | None = column(
        "旧密钥至迟可用至；没有则空。Until when the last of its old secrets opens; null for none.",
        apps.c.old_secret_until,
    )
    client_id: str | None = column(
        "OAuth 客户端标识，管理者可见。Its OAuth client id; null for who does not manage it.",
        client_id,
    )
    community: Community | None = one(
        "社区。The community.", communities, {"community_id": apps.c.community_id}
    )
    viewer_can: Any = can(permissions("ThirdPartyApp", ROTATE_APP_SECRET, SUSPEND_APP, RESUME_APP))


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """Whether the viewer may register an app."""

    register_app: Permission = permission(REGISTER_APP)


@extend(Community)
class OfCommunity:
    """Who reads it besides its members."""

    apps: Connection[ThirdPartyApp] | None = page(
        "读取本社区的第三方应用，新的在前。The apps that read this community, newest first.",
        b.Page(
            table=apps,
            on={"community_id": communities.c.community_id},
            order=(apps.c.id,),
            index="app_pkey",
        ),
    )


@extend(District)
class OfDistrict:
    """Who reads its communities."""

    apps: Connection[ThirdPartyApp] | None = page(
        "您管辖的社区的第三方应用，新的在前。The apps that read communities under you, newest first.",
        b.Page(
            table=apps,
            on={"district_id": districts.c.district_id},
            order=(apps.c.id,),
            index="app_by_district",
        ),
    )


_APP = {"app": link(ThirdPartyApp, apps, "该应用。The app.")}
_SECRET = {
    **_APP,
    "secret": told(
        str | None,
        "密钥，只此一次；重放同一幂等键时为空，遗失则用新的幂等键更换，应用正用的密钥不受影响。\n"
        "The secret, shown once; null when a key is replayed. Was it lost, change it with another "
        "key: what the app uses still opens.",
    ),
}


@verb(
    REGISTER_APP,
    _SECRET,
    service.register,
    example=(
        "mutation { registerApp(input: {\n"
        '  communityId: "com_AZrY3kQkdI2QAQIDBAUGBw", name: "楼道屏", contact: "dev@example.org",\n'
        '  scopes: [BOARD_READ], idempotencyKey: "e4d9"\n'
        "}) { app { clientId } secret userErrors { code message } } }"
    ),
    claims_itself=True,
)
class RegisterApp(Keyed):
    """在社区登记第三方应用：书记在本社区，街镇和区在其管辖的社区。
    Register a third-party app in a community: its secretary, or an admin above it.
    """

    community_id: UUID = ref(
        communities, "在哪个社区；书记限本社区。In which community; a secretary's own."
    )
    name: str = text("名称，成员可见", "Its name, which members see", DISPLAY_NAME_LENGTH)
    contact: str = text(
        "联系方式，成员可见", "Whom to ask about it, which members see", CONTACT_LENGTH
    )
    scopes: list[Scope] = field(
        "权限范围：COMMUNITY_READ、BOARD_READ、MEMBER_READ 中的一个或多个。\n"
        "What its tokens may be used for: one or more of these three."
    )


class _OnApp:
    app_id: UUID = ref(apps, "应用。The app.")


@verb(ROTATE_APP_SECRET, _SECRET, service.rotate, claims_itself=True)
class RotateAppSecret(_OnApp, Keyed):
    """更换密钥；换下的每个密钥各再用 24 小时。
    Give it a new secret; each one that it had opens for 24 hours more. QUOTA_EXCEEDED after 20 in a day.
    """


@verb(SUSPEND_APP, _APP, service.suspend)
class SuspendApp(_OnApp):
    """暂停应用，即时生效，已发的令牌一并失效。Shut it out at once, with the tokens that it has."""

    reason: str = text("理由，成员可见", "Why, as members see it", NOTE_LENGTH)


@verb(RESUME_APP, _APP, service.resume)
class ResumeApp(_OnApp):
    """恢复应用；由上级暂停的，由上级恢复。Let it in again; what was suspended from above is resumed there."""
