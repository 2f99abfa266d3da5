"""Third-party apps: who reads a community besides its members; registered, suspended, resumed."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import (
    Outcome,
    bound,
    column,
    given,
    mutation,
    node_over,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.identifiers import decode_id
from api.schema.common import Connection, Keyed, Node, Payload, Permission
from api.schema.places import Community, District
from tenants.apps import service
from tenants.apps.policy import REGISTER_APP, RESUME_APP, ROTATE_APP_SECRET, SUSPEND_APP
from tenants.apps.tables import AppState, apps
from tenants.apps.views import client_id, scopes
from tenants.places.tables import communities, districts
from tenants.scopes import Scope
from tenants.transaction import Tx

node_over(apps, "app", "ThirdPartyApp")

published(AppState, "ThirdPartyAppState", "第三方应用能否使用。Whether an app may be used.")


@strawberry.type(
    description=(
        "第三方应用：只读，所见不超过居民所见，不能投票或署名；成员都看得到有哪些应用。\n"
        "A third-party app: it reads what every member sees and acts in nothing; known to all members."
    )
)
class ThirdPartyApp(Node):
    """A program that reads the community."""

    id: strawberry.ID = public_id()
    name: str = column("名称。Name.", apps.c.display_name)
    contact: str = column("联系方式。Whom to ask about it.", apps.c.contact)
    scopes: list[Scope] = column(
        "可用的权限范围。What its tokens may be used for, at most.", scopes
    )
    state: AppState = column("状态。State.", apps.c.state)
    suspended_reason: str | None = column(
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
    viewer_can_rotate_secret: Permission = bound(
        "您能否更换密钥。Whether you may change its secret.", b.Permit.of(ROTATE_APP_SECRET)
    )
    viewer_can_suspend: Permission = bound(
        "您能否暂停。Whether you may suspend it.", b.Permit.of(SUSPEND_APP)
    )
    viewer_can_resume: Permission = bound(
        "您能否恢复。Whether you may resume it.", b.Permit.of(RESUME_APP)
    )


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


_APP = "应用。The app."


@strawberry.input(description="登记应用。Register an app.")
class RegisterAppInput(Keyed):
    """Input of registerApp."""

    community_id: strawberry.ID = strawberry.field(
        description="在哪个社区；书记限本社区。In which community; a secretary's own."
    )
    name: str = strawberry.field(description="名称，1–30 字，成员可见。Its name, 1 to 30.")
    contact: str = strawberry.field(
        description="联系方式，1–120 字，成员可见。Whom to ask about it; members see it."
    )
    scopes: list[Scope] = strawberry.field(
        description=(
            "权限范围：COMMUNITY_READ、BOARD_READ、MEMBER_READ 中的一个或多个。\n"
            "What its tokens may be used for: one or more of these three."
        )
    )


@strawberry.input(description="更换应用的密钥。Change an app's secret.")
class RotateAppSecretInput(Keyed):
    """Input of rotateAppSecret."""

    app_id: strawberry.ID = strawberry.field(description=_APP)


@strawberry.input(description="暂停应用。Suspend an app.")
class SuspendAppInput:
    """Input of suspendApp."""

    app_id: strawberry.ID = strawberry.field(description=_APP)
    reason: str = strawberry.field(description="理由，成员可见，1–500 字。Why; members see it.")


@strawberry.input(description="恢复应用。Resume an app.")
class ResumeAppInput:
    """Input of resumeApp."""

    app_id: strawberry.ID = strawberry.field(description=_APP)


@strawberry.type(description="对应用所做之事的结果。What came of it.")
class AppPayload(Payload):
    """The app as it is now."""

    app: ThirdPartyApp | None = one("该应用。The app.", apps, {"id": outcome("app", apps)})


@strawberry.type(
    description="密钥只在此时示出一次。What came of it; the secret is shown here only."
)
class AppSecretPayload(Payload):
    """The app, and its secret where one was made just now."""

    app: ThirdPartyApp | None = one("该应用。The app.", apps, {"id": outcome("app", apps)})
    secret: str | None = given(
        "密钥，只此一次；重放同一幂等键时为空，遗失则用新的幂等键更换，应用正用的密钥不受影响。\n"
        "The secret, shown once; null when a key is replayed. Was it lost, change it with another "
        "key: what the app uses still opens.",
        lambda env: env.outcome.get("secret"),
    )


@mutation(
    REGISTER_APP,
    "在社区登记第三方应用：书记在本社区，街镇和区在其管辖的社区。\n"
    "Register a third-party app in a community: its secretary, or an admin above it.",
    example=(
        "mutation { registerApp(input: {\n"
        '  communityId: "com_AZrY3kQkdI2QAQIDBAUGBw", name: "楼道屏", contact: "dev@example.org",\n'
        '  scopes: [BOARD_READ], idempotencyKey: "e4d9"\n'
        "}) { app { clientId } secret userErrors { code message } } }"
    ),
    claims_itself=True,
)
async def register_app(tx: Tx, input: RegisterAppInput) -> Annotated[Outcome, AppSecretPayload]:
    """Translate."""
    app_id, secret = await service.register(
        tx,
        community_id=decode_id(input.community_id, "com_"),
        name=input.name,
        contact=input.contact,
        scopes=input.scopes,
        key=input.idempotency_key,
    )
    return {"app": app_id, "secret": secret}


@mutation(
    ROTATE_APP_SECRET,
    "更换密钥；换下的每个密钥各再用 24 小时。\n"
    "Give it a new secret; each one that it had opens for 24 hours more. QUOTA_EXCEEDED after 20 in a day.",
    claims_itself=True,
)
async def rotate_app_secret(
    tx: Tx, input: RotateAppSecretInput
) -> Annotated[Outcome, AppSecretPayload]:
    """Translate."""
    app_id, secret = await service.rotate(
        tx, app_id=decode_id(input.app_id, "app_"), key=input.idempotency_key
    )
    return {"app": app_id, "secret": secret}


@mutation(
    SUSPEND_APP,
    "暂停应用，即时生效，已发的令牌一并失效。Shut it out at once, with the tokens that it has.",
)
async def suspend_app(tx: Tx, input: SuspendAppInput) -> Annotated[Outcome, AppPayload]:
    """Translate."""
    app_id = decode_id(input.app_id, "app_")
    return {"app": await service.suspend(tx, app_id=app_id, reason=input.reason)}


@mutation(
    RESUME_APP,
    "恢复应用；由上级暂停的，由上级恢复。Let it in again; what was suspended from above is resumed there.",
)
async def resume_app(tx: Tx, input: ResumeAppInput) -> Annotated[Outcome, AppPayload]:
    """Translate."""
    return {"app": await service.resume(tx, app_id=decode_id(input.app_id, "app_"))}
