"""Members of a community, and their roles given and taken."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.engine.bindings import outcome
from api.engine.declare import Outcome, column, mutation, node_over, one, public_id
from api.engine.identifiers import decode_id
from api.schema.common import Node, Payload
from tenants.db import Tx
from tenants.membership import service
from tenants.membership.policy import GRANT_ROLE, REVOKE_ROLE
from tenants.membership.tables import members
from tenants.scopes import Role, Scope

node_over(members, "mem", "Member", Scope.MEMBER_READ)

strawberry.enum(
    Role,
    name="Role",
    description="居民、居委委员、党组织书记、区管理员。What a person is in a community or at the district.",
)


@strawberry.type(
    description=(
        "成员：邻居所见的一个人，没有真实姓名和电话。\n"
        "What neighbours see of a person: no real name, no phone."
    )
)
class Member(Node):
    """One membership."""

    id: strawberry.ID = public_id()
    display_name: str = column("称呼。The name they go by.", members.c.display_name)
    building: str | None = column("楼栋。Building.", members.c.building)
    roles: list[Role] = column("角色。Roles.", members.c.roles)
    joined_at: datetime = column("加入时间。When they joined.", members.c.joined_at)


@strawberry.input(description="授予居委委员。Make a resident a committee member.")
class GrantRoleInput:
    """Input of grantRole."""

    member_id: strawberry.ID = strawberry.field(description="成员。The member.")
    reason: str = strawberry.field(description="理由，记入审计。Why; kept in the audit.")


@strawberry.input(description="收回居委委员。Take a committee member's role.")
class RevokeRoleInput:
    """Input of revokeRole."""

    member_id: strawberry.ID = strawberry.field(description="成员。The member.")
    reason: str = strawberry.field(description="理由，记入审计。Why; kept in the audit.")


@strawberry.type(description="`grantRole` 和 `revokeRole` 的结果。What came of it.")
class MemberPayload(Payload):
    """The member as they are now."""

    member: Member | None = one("该成员。The member.", members, {"id": outcome("member", members)})


@mutation(
    GRANT_ROLE,
    "授予居委委员；旧令牌随即失效。Make a resident a committee member; their old tokens end at once.",
)
async def grant_role(tx: Tx, input: GrantRoleInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    return {"member": await service.grant_role(tx, member_id=member, reason=input.reason)}


@mutation(
    REVOKE_ROLE,
    "收回居委委员；旧令牌随即失效。Take the committee member's role; their old tokens end at once.",
)
async def revoke_role(tx: Tx, input: RevokeRoleInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    return {"member": await service.revoke_role(tx, member_id=member, reason=input.reason)}
