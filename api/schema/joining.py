"""Somebody joins a community: the applicant takes some steps, and the committee takes others."""

from typing import Any
from uuid import UUID

from api.engine.inputs import Keyed, Retried, field, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.members import MEMBER, JoinCode, OnMember
from api.wechat import WeChatRefused, WeChatUnavailable
from tenants.errors import Code, Refused
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.membership import policy, procedure
from tenants.membership.service import codes, joining
from tenants.membership.service.joining import Application
from tenants.membership.tables import (
    BUILDING_LENGTH,
    DISPLAY_NAME_LENGTH,
    NOTE_LENGTH,
    REAL_NAME_LENGTH,
    ROOM_LENGTH,
    ResidentKind,
    join_codes,
)
from tenants.transaction import Tx
from tenants.viewer import Viewer


@verb(
    procedure.APPLY,
    MEMBER,
    example=(
        "mutation { applyForMembership(input: {\n"
        '  displayName: "小王", realName: "王小明", phone: "13800000000",\n'
        '  building: "3号楼", room: "502", kind: RENTER, consentVersion: "2026-11", idempotencyKey: "d3a8"\n'
        "}) { member { state } userErrors { code message } } }"
    ),
    claims_itself=True,
)
class ApplyForMembership(Keyed):
    """申请加入本社区：扫码后、被退回后、迁出后。APPLIED。
    Ask to be let in: after scanning the code, after a return, after moving away.
    """

    display_name: str = text(
        "邻居所见的称呼，可随意", "the name that neighbours see, as you like", DISPLAY_NAME_LENGTH
    )
    real_name: str = text(
        "真实姓名，加密保存，无理由不得查看",
        "your real name, which is kept encrypted and shown to nobody without a reason",
        REAL_NAME_LENGTH,
    )
    phone: str = field(
        "填写手机号，加密保存；大陆以外的号码写上国家或地区代码，须当面核实。\n"
        "Give your mobile number, which is kept encrypted; a number beyond the mainland has "
        "its country's code and is checked in person."
    )
    id_number: str | None = field("可填写身份证号。You may give your id number.")
    building: str = text("楼栋，如 3号楼", "the building", BUILDING_LENGTH)
    room: str = text("室号，如 502", "the room", ROOM_LENGTH)
    kind: ResidentKind = field("选择居住情况。Choose how you belong to the household.")
    consent_version: str = field(
        "填写您已阅读的 IDENTITY 同意书版本。"
        "Give the version of the IDENTITY text that you agree to."
    )

    async def prepare(self, services: dict[str, Any], viewer: Viewer) -> dict[str, UUID]:
        """Return the person who applies."""
        async with identity(services["database"]) as store:
            found = await persons.affiliation(store, viewer.id)
        if found is None:
            raise Refused(Code.NOT_ELIGIBLE, "请重新扫码。Scan the community's code again.")
        return {"person_id": found["person_id"]}

    async def run(self, tx: Tx, *, person_id: UUID) -> UUID:
        """Apply for membership; return the id of the member."""
        given = dict(vars(self))
        key = given.pop("idempotency_key")
        return await joining.apply(
            tx, person_id=person_id, application=Application(**given), key=key
        )


@verb(procedure.VERIFY_PHONE, MEMBER)
class VerifyPhone:
    """用微信核实申请所填手机号。APPLIED → IDENTITY_OK。
    Have WeChat vouch for the number you applied with; the other way is confirmIdentity.
    """

    code: str = field(
        "填写 `getPhoneNumber` 按钮给出的 code，五分钟内一次有效。\n"
        "Give the code of the `getPhoneNumber` button, which is good once and for five "
        "minutes."
    )

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, str | None]:
        """Return the number that WeChat knows."""
        try:
            return {"phone": await services["wechat"].phone_number(self.code)}
        except WeChatRefused as refused:
            raise Refused(
                Code.INVALID, f"微信：{refused.reason}。WeChat refuses the code.", "code"
            ) from None
        except WeChatUnavailable:
            raise Refused(
                Code.INVALID,
                "微信暂时不可用，请稍后再试，或到居委当面核实。WeChat cannot be reached: try again, or come in person.",
                "code",
            ) from None

    async def run(self, tx: Tx, *, phone: str | None) -> UUID:
        """Compare it with the number of the application."""
        return await joining.verify_phone(tx, phone=phone)


@verb(procedure.SUBMIT, MEMBER, joining.submit)
class SubmitForReview(Retried):
    """提交审核，居委须在三个工作日内答复。IDENTITY_OK → UNDER_REVIEW。
    Put the application before the committee, which owes an answer in three working days.
    """


@verb(procedure.CONFIRM_IDENTITY, MEMBER, joining.confirm_identity)
class ConfirmIdentity(OnMember):
    """居委当面核实申请人身份。APPLIED → IDENTITY_OK。Say that an applicant showed who they are."""

    note: str = text(
        "如何核实，记入审计，勿写证件号",
        "how you checked it, which the audit keeps, without an id number",
        NOTE_LENGTH,
    )


@verb(
    procedure.APPROVE,
    MEMBER,
    joining.approve,
    example=(
        "mutation { approveMember(input: {\n"
        '  memberId: "mem_AZrY3kQkdI2QAQIDBAUGBw"\n'
        "}) { member { state } userErrors { code message } } }"
    ),
)
class ApproveMember(OnMember):
    """通过申请，不得经办本人的。UNDER_REVIEW → ACTIVE。Let an applicant in; never oneself."""


@verb(procedure.RETURN, MEMBER, joining.send_back)
class ReturnMember(OnMember):
    """退回申请并说明理由。UNDER_REVIEW → RETURNED。Send an application back with the reason."""

    reason: str = text("理由，申请人可见", "the reason, which the applicant sees")


@verb(
    policy.REISSUE_JOIN_CODE,
    {"join_code": link(JoinCode, join_codes, "这是新的加入码。This is the new join code.")},
    codes.reissue,
    holds_self=True,
)
class ReissueJoinCode(Keyed):
    """换发加入码，旧码随即失效。Issue a new join code; the one before lets nobody in any more."""

    reason: str = text("理由，记入审计", "the reason, which the audit keeps", NOTE_LENGTH)
