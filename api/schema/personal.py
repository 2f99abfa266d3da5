"""A person acts on their own affairs in a community, and the staff may learn some of them."""

from datetime import datetime
from typing import Any

import orjson

from api.engine.declare import filled, object_type
from api.engine.inputs import field, text
from api.engine.payloads import told
from api.engine.verbs import Outcome, verb
from api.schema.members import MEMBER, OnMember
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tenants.membership import policy, procedure
from tenants.membership.service import consents, joining, leaving, personal
from tenants.membership.tables import DISPLAY_NAME_LENGTH, NOTE_LENGTH, Purpose
from tenants.officers.service import own
from tenants.transaction import Tx
from tenants.viewer import Viewer


@object_type
class MemberContact:
    """这是成员的真实姓名和联系方式。This is a member's real name and how to reach them."""

    real_name: str | None = filled("这是真实姓名。This is the real name.")
    phone: str | None = filled("这是手机号。This is the mobile number.")
    id_number: str | None = filled("这是证件号。This is the id number.")


@verb(
    policy.REVEAL,
    {
        "contact": told(
            MemberContact | None, "联系方式只显示这一次。The contact is shown this once."
        )
    },
    personal.reveal,
)
class RevealContact(OnMember):
    """查看成员的真实姓名和电话，须有理由；每次都记入审计，本人可见。
    Read a member's real name and phone for a reason; each time is kept, and the member sees it.
    """

    reason: str = text("理由，记入审计", "the reason, which the audit keeps", NOTE_LENGTH)

    def make_outcome(self, done: dict[str, str | None]) -> Outcome:
        """Return the contact with the names of its fields."""
        named = {"realName": "real_name", "phone": "phone", "idNumber": "id_number"}
        return {"contact": {field: done[column] for field, column in named.items()}}


@verb(procedure.SUSPEND, MEMBER, leaving.suspend)
class SuspendMember(OnMember):
    """暂停成员资格并说明理由，仅书记；旧令牌随即失效。ACTIVE → SUSPENDED。
    Stop a member from taking part, with the reason; their old tokens end at once.
    """

    reason: str = text("理由，本人可见", "the reason, which the member sees")
    until: datetime | None = field(
        "填写暂停至何时；不填则至恢复。"
        "Give the end of the suspension; without it, it lasts until resumed."
    )


@verb(procedure.RESUME, MEMBER, leaving.resume)
class ResumeMember(OnMember):
    """恢复成员资格，仅书记。SUSPENDED → ACTIVE。Let a suspended member take part again."""

    reason: str = text("理由，记入审计", "the reason, which the audit keeps")


@verb(policy.UPDATE_DISPLAY_NAME, MEMBER, joining.update_display_name, holds_self=True)
class UpdateDisplayName:
    """改称呼。Go by another name; the real one stays behind it."""

    display_name: str = text("新称呼", "the new name", DISPLAY_NAME_LENGTH)


class _OnPurpose:
    purpose: Purpose = field("选择用途。Choose the purpose.")


@verb(policy.CONSENT, MEMBER, consents.give, holds_self=True)
class GiveConsent(_OnPurpose):
    """同意现行文本；重复同意无变化。Agree to the current text."""

    text_version: str = field("填写您读到的版本。Give the version that you read.")


@verb(policy.WITHDRAW, MEMBER, consents.withdraw, holds_self=True)
class WithdrawConsent(_OnPurpose):
    """撤回同意。撤回 IDENTITY 即删除实名信息，成员资格随之结束。
    Take consent back. Without IDENTITY the real-name data is erased and the membership ends.
    """


_DONE = {"done": told(bool | None, "它说明是否已完成。It says whether it was done.")}


@verb(procedure.LEAVE, _DONE, holds_self=True)
class LeaveCommunity:
    """离开社区，或撤回申请；可再次申请。→ MOVED_OUT。Leave, or withdraw an application."""

    confirm: bool = field("须填 true。It must be true.")

    async def run(self, tx: Tx) -> bool:
        """End the membership; return whether it was done."""
        await leaving.leave(tx, confirmed=self.confirm)
        return True


@verb(procedure.ERASE, _DONE, holds_self=True)
class EraseMe:
    """注销：姓名、电话、证件号、住址即被删除；发言不署名保留，计数和审计保留。不可撤销。→ ANONYMISED。
    任职人注销即去职，任内所办之事不署名保留；区的最后一位管理员不能注销，答 WRONG_STATE。
    Have your data erased: what you wrote stays unsigned, counts and the audit stay. For good. An
    officer's office ends with it, and what they did in office stays without their name; the last
    admin of a district is refused with WRONG_STATE.
    """

    confirm: bool = field("须填 true；不可撤销。It must be true; this cannot be undone.")

    async def run(self, tx: Tx) -> bool:
        """Erase the person; return whether it was done."""
        await own.erase(tx, confirmed=self.confirm)
        return True

    @staticmethod
    async def finish(services: dict[str, Any], viewer: Viewer, _: Outcome) -> None:
        """Forget how the person signs in."""
        async with identity(services["database"]) as store:
            await persons.forget(store, viewer.id)


@verb(
    policy.EXPORT,
    {
        "data": told(
            str | None,
            "这是 JSON 文本：本社区（任职人则为本区和您办过事的社区）各表中与您有关的一切，"
            "及登录信息。\n"
            "This JSON has all that is about you, by table, in this community (for an officer: "
            "in the district and in each community in which you acted), and how you sign in.",
        )
    },
    holds_self=True,
)
class ExportMyData:
    """导出与您有关的一切。Get all that is about you, as JSON."""

    confirm: bool = field("须填 true。It must be true.")

    async def prepare(self, services: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
        """Gather what is known of the person outside any community."""
        async with identity(services["database"]) as store:
            found = await persons.affiliation(store, viewer.id)
            if found is None:
                return {"sign_in": {}}
            person = found["person_id"]
            places = await persons.places_of(store, person)
            listed = await sessions.listed(store, person)
            logins = await persons.logins_of(store, person)
        sign_in = {
            "person": person,
            "places": [{"placeId": p["place_id"], "since": p["created_at"]} for p in places],
            "logins": [{"provider": x["provider"], "since": x["created_at"]} for x in logins],
            "sessions": [
                {"client": s["client_id"], "since": s["created_at"], "lastUsed": s["used_at"]}
                for s in listed
            ],
        }
        return {"sign_in": sign_in}

    async def run(self, tx: Tx, *, sign_in: dict[str, Any]) -> str:
        """Return all of it as JSON."""
        whole = {"exportedAt": tx.now, **await own.export(tx), "signIn": sign_in}
        return orjson.dumps(whole, default=str, option=orjson.OPT_INDENT_2).decode()
