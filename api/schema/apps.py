"""Third-party apps read a community besides its members; they are registered, suspended and resumed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.lists import page_of
from api.engine.payloads import link, told
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.permissions import Permission, can, permission, permissions
from api.schema.places import Community, CommunityPermissions, District
from tenants.apps import service
from tenants.apps.policy import REGISTER_APP, RESUME_APP, ROTATE_APP_SECRET, SUSPEND_APP
from tenants.apps.tables import CONTACT_LENGTH, AppState, apps
from tenants.apps.views import client_id, scopes
from tenants.membership.tables import DISPLAY_NAME_LENGTH
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
    name: str = column("这是应用的名称。This is the app's name.", apps.c.display_name)
    contact: str = column(
        "有事可以这样联系应用的负责人。This says whom to ask about the app.", apps.c.contact
    )
    scopes: list[Scope] = column(
        "应用的令牌至多可用于这些事。The app's tokens may be used for these acts at most.", scopes
    )
    state: AppState = column(
        "它说明应用能否使用。It says whether the app may be used.", apps.c.state
    )
    suspension_reason: str | None = column(
        "这是暂停的理由。This is why the app is suspended.", apps.c.suspended_reason
    )
    is_registered_from_above: bool = column(
        "它说明应用是否由街镇或区登记。It says whether the street or district registered the app.",
        apps.c.registered_from_above,
    )
    created_at: datetime = column("应用在这时登记。The app was registered then.", apps.c.created_at)
    secret_at: datetime = column("这时生成。The present secret was made then.", apps.c.secret_at)
    old_secret_until: datetime | None = column(
        "旧密钥至迟可用至这时；没有旧密钥则为空。\n"
        "The last of the old secrets works until this time; it is null if there is none.",
        apps.c.old_secret_until,
    )
    client_id: str | None = column(
        "这是 OAuth 客户端标识，只有管理者可见。\n"
        "This is the app's OAuth client id; it is null for anybody who does not manage the "
        "app.",
        client_id,
    )
    community: Community | None = one(
        "应用读取这个社区。The app reads this community.",
        communities,
        {"community_id": apps.c.community_id},
    )
    viewer_can: Any = can(permissions("ThirdPartyApp", ROTATE_APP_SECRET, SUSPEND_APP, RESUME_APP))


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """It says whether the viewer may register an app."""

    register_app: Permission = permission(REGISTER_APP)


@extend(Community)
class OfCommunity:
    """It adds the apps that read the community besides its members."""

    apps: Connection[ThirdPartyApp] | None = page(
        "这里列出读取本社区的第三方应用，新的在前。\n"
        "This lists the apps that read this community, newest first.",
        page_of(apps, communities.c.community_id),
    )


@extend(District)
class OfDistrict:
    """It adds the apps that read the district's communities."""

    apps: Connection[ThirdPartyApp] | None = page(
        "这里列出读取您管辖的社区的第三方应用，新的在前。\n"
        "This lists the apps that read communities under you, newest first.",
        page_of(apps, districts.c.district_id, index="app_by_district"),
    )


_APP = {"app": link(ThirdPartyApp, apps)}
_SECRET = {
    **_APP,
    "secret": told(
        str | None,
        "密钥只给出这一次；重放同一幂等键时为空。遗失则用新的幂等键更换，"
        "应用正用的密钥不受影响。\n"
        "The secret is shown once and is null when a key is replayed. If it was lost, change "
        "it with another key; the secret that the app uses still works.",
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
        communities,
        "填写社区的标识；书记限本社区。Give the id of the community; a secretary gives their own.",
    )
    name: str = text("名称，成员可见", "the name, which members see", DISPLAY_NAME_LENGTH)
    contact: str = text(
        "联系方式，成员可见", "whom to ask about it, which members see", CONTACT_LENGTH
    )
    scopes: list[Scope] = field(
        "选择 COMMUNITY_READ、BOARD_READ、MEMBER_READ 中的一个或多个权限范围。\n"
        "Choose what its tokens may be used for: one or more of these three scopes."
    )


class _OnApp:
    app_id: UUID = ref(apps)


@verb(ROTATE_APP_SECRET, _SECRET, service.rotate, claims_itself=True)
class RotateAppSecret(_OnApp, Keyed):
    """更换密钥；换下的每个密钥各再用 24 小时。
    Give it a new secret; each one that it had opens for 24 hours more. QUOTA_EXCEEDED after 20 in a day.
    """


@verb(SUSPEND_APP, _APP, service.suspend)
class SuspendApp(_OnApp):
    """暂停应用，即时生效，已发的令牌一并失效。Shut it out at once, with the tokens that it has."""

    reason: str = text("理由，成员可见", "the reason, which members see")


@verb(RESUME_APP, _APP)
class ResumeApp(_OnApp):
    """恢复应用；由上级暂停的，由上级恢复。Let it in again; what was suspended from above is resumed there."""
