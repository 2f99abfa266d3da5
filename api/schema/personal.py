"""A person's own affairs in a community, and what the staff may learn of them."""

from datetime import datetime
from typing import Annotated, Any

import orjson
import strawberry

from api.engine.declare import Outcome, given, mutation
from api.engine.identifiers import decode_id
from api.schema.common import Payload
from api.schema.members import MemberPayload
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tenants.membership import policy, procedure
from tenants.membership.service import consents, joining, leaving, personal
from tenants.membership.tables import Purpose
from tenants.officers.service import own
from tenants.transaction import Tx
from tenants.viewer import Viewer

_MEMBER = "成员。The member."
_REASON = "理由，记入审计，1–500 字。Why; kept in the audit."


@strawberry.type(description="真实联系方式。The real name and how to reach them.")
class MemberContact:
    """What revealContact shows, once."""

    real_name: str | None = strawberry.field(description="真实姓名。Real name.")
    phone: str | None = strawberry.field(description="手机号。Mobile number.")
    id_number: str | None = strawberry.field(description="证件号。Id number.")


@strawberry.input(description="查看联系方式。Read a member's real name and phone.")
class RevealContactInput:
    """Input of revealContact."""

    member_id: strawberry.ID = strawberry.field(description=_MEMBER)
    reason: str = strawberry.field(description=_REASON)


@strawberry.type(description="`revealContact` 的结果。What came of it.")
class ContactPayload(Payload):
    """The contact, if it may be shown."""

    contact: MemberContact | None = given(
        "联系方式，只显示这一次。Shown this once.", lambda env: env.outcome.get("contact")
    )


@strawberry.input(description="暂停成员资格。Suspend a member.")
class SuspendMemberInput:
    """Input of suspendMember."""

    member_id: strawberry.ID = strawberry.field(description=_MEMBER)
    reason: str = strawberry.field(description="理由，本人可见。Why; the member sees it.")
    until: datetime | None = strawberry.field(
        default=None, description="至何时；不填则至恢复。Until when; else until reinstated."
    )


@strawberry.input(description="恢复成员资格。Reinstate a member.")
class ReinstateMemberInput:
    """Input of reinstateMember."""

    member_id: strawberry.ID = strawberry.field(description=_MEMBER)
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="改称呼。Go by another name.")
class ChangeDisplayNameInput:
    """Input of changeDisplayName."""

    display_name: str = strawberry.field(description="新称呼，1–30 字。1 to 30 characters.")


@strawberry.input(description="同意。Agree.")
class GiveConsentInput:
    """Input of giveConsent."""

    purpose: Purpose = strawberry.field(description="用途。Purpose.")
    text_version: str = strawberry.field(description="您读到的版本。The version you read.")


@strawberry.input(description="撤回同意。Take consent back.")
class WithdrawConsentInput:
    """Input of withdrawConsent."""

    purpose: Purpose = strawberry.field(description="用途。Purpose.")


@strawberry.input(description="离开社区。Leave the community.")
class LeaveCommunityInput:
    """Input of leaveCommunity."""

    confirm: bool = strawberry.field(description="须为 true。Must be true.")


@strawberry.input(description="注销。Have one's data erased.")
class EraseMeInput:
    """Input of eraseMe."""

    confirm: bool = strawberry.field(
        description="须为 true，不可撤销。Must be true; cannot be undone."
    )


@strawberry.input(description="导出我的数据。Ask for all one's data.")
class ExportMyDataInput:
    """Input of exportMyData."""

    confirm: bool = strawberry.field(description="须为 true。Must be true.")


@strawberry.type(description="`leaveCommunity`、`eraseMe` 的结果。What came of it.")
class FarewellPayload(Payload):
    """Whether it is done; the token speaks for nobody any more."""

    done: bool | None = given("已完成。Done.", lambda env: env.outcome.get("done"))


@strawberry.type(description="`exportMyData` 的结果。What came of it.")
class ExportPayload(Payload):
    """All that is about the viewer."""

    data: str | None = given(
        "JSON 文本：本社区（任职人则为本区和您办过事的社区）各表中与您有关的一切，及登录信息。\n"
        "JSON: all about you, by table, in this community (for an officer: in the district and in each "
        "community in which you acted), and how you sign in.",
        lambda env: env.outcome.get("data"),
    )


async def _at_the_door(services: dict[str, Any], viewer: Viewer, **_: Any) -> Any:
    """Gather what is known of the person outside any community."""
    async with identity(services["database"]) as store:
        found = await persons.affiliation(store, viewer.id)
        if found is None:
            return {}
        person = found["person_id"]
        places = await persons.places_of(store, person)
        listed = await sessions.listed(store, person)
        logins = await persons.logins_of(store, person)
    return {
        "person": person,
        "places": [{"placeId": p["place_id"], "since": p["created_at"]} for p in places],
        "logins": [{"provider": x["provider"], "since": x["created_at"]} for x in logins],
        "sessions": [
            {"client": s["client_id"], "since": s["created_at"], "lastUsed": s["used_at"]}
            for s in listed
        ],
    }


async def _forget(services: dict[str, Any], viewer: Viewer, _: Any) -> None:
    async with identity(services["database"]) as store:
        await persons.forget(store, viewer.id)


@mutation(
    policy.REVEAL,
    "查看成员的真实姓名和电话，须有理由；每次都记入审计，本人可见。\n"
    "Read a member's real name and phone for a reason; each time is kept, and the member sees it.",
)
async def reveal_contact(tx: Tx, input: RevealContactInput) -> Annotated[Outcome, ContactPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    found = await personal.reveal(tx, member_id=member, reason=input.reason)
    shown = {
        "realName": found["real_name"],
        "phone": found["phone"],
        "idNumber": found["id_number"],
    }
    return {"contact": shown}


@mutation(
    procedure.SUSPEND,
    "暂停成员资格并说明理由，仅书记；旧令牌随即失效。ACTIVE → SUSPENDED。\n"
    "Stop a member from taking part, with the reason; their old tokens end at once.",
)
async def suspend_member(tx: Tx, input: SuspendMemberInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = await leaving.suspend(
        tx,
        member_id=decode_id(input.member_id, "mem_"),
        reason=input.reason,
        until=input.until,
    )
    return {"member": member}


@mutation(
    procedure.REINSTATE,
    "恢复成员资格，仅书记。SUSPENDED → ACTIVE。Let a suspended member take part again.",
)
async def reinstate_member(
    tx: Tx, input: ReinstateMemberInput
) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    return {"member": await leaving.reinstate(tx, member_id=member, reason=input.reason)}


@mutation(
    policy.CHANGE_DISPLAY_NAME,
    "改称呼。Go by another name; the real one stays behind it.",
    holds_self=True,
)
async def change_display_name(
    tx: Tx, input: ChangeDisplayNameInput
) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    return {"member": await joining.change_display_name(tx, display_name=input.display_name)}


@mutation(
    policy.CONSENT, "同意现行文本；重复同意无变化。Agree to the current text.", holds_self=True
)
async def give_consent(tx: Tx, input: GiveConsentInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    version = input.text_version
    return {"member": await consents.give(tx, purpose=input.purpose, text_version=version)}


@mutation(
    policy.WITHDRAW,
    "撤回同意。撤回 IDENTITY 即删除实名信息，成员资格随之结束。\n"
    "Take consent back. Without IDENTITY the real-name data is erased and the membership ends.",
    holds_self=True,
)
async def withdraw_consent(
    tx: Tx, input: WithdrawConsentInput
) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    return {"member": await consents.withdraw(tx, purpose=input.purpose)}


@mutation(
    procedure.LEAVE,
    "离开社区，或撤回申请；可再次申请。→ MOVED_OUT。Leave, or withdraw an application.",
    holds_self=True,
)
async def leave_community(
    tx: Tx, input: LeaveCommunityInput
) -> Annotated[Outcome, FarewellPayload]:
    """Translate."""
    await leaving.leave(tx, confirmed=input.confirm)
    return {"done": True}


@mutation(
    procedure.ERASE,
    "注销：姓名、电话、证件号、住址即被删除；发言不署名保留，计数和审计保留。不可撤销。→ ANONYMISED。"
    "任职人注销即去职，任内所办之事不署名保留；区的最后一位管理员不能注销，答 WRONG_STATE。\n"
    "Have your data erased: what you wrote stays unsigned, counts and the audit stay. For good. "
    "An officer's office ends with it, and what they did in office stays without their name; the last "
    "admin of a district is refused with WRONG_STATE.",
    finish=_forget,
    holds_self=True,
)
async def erase_me(tx: Tx, input: EraseMeInput) -> Annotated[Outcome, FarewellPayload]:
    """Translate."""
    await own.erase(tx, confirmed=input.confirm)
    return {"done": True}


@mutation(
    policy.EXPORT,
    "导出与您有关的一切。Get all that is about you, as JSON.",
    prepare=_at_the_door,
    holds_self=True,
)
async def export_my_data(
    tx: Tx,
    input: ExportMyDataInput,  # noqa: ARG001 # asked for is given
    prepared: Any,
) -> Annotated[Outcome, ExportPayload]:
    """Translate."""
    whole = {"exportedAt": tx.now, **await own.export(tx), "signIn": prepared}
    return {"data": orjson.dumps(whole, default=str, option=orjson.OPT_INDENT_2).decode()}
