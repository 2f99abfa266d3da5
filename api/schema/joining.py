"""The way into a community: what the applicant does, and what the committee does."""

from typing import Annotated, Any

import strawberry

from api.engine.declare import Outcome, mutation
from api.engine.identifiers import decode_id
from api.schema.common import Keyed, Retried
from api.schema.members import JoinCodePayload, MemberPayload
from api.wechat import WeChatRefused, WeChatUnavailable
from tenants.errors import Code, Refused
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.membership import policy, procedure
from tenants.membership.service import codes, joining
from tenants.membership.service.joining import Application
from tenants.membership.tables import ResidentKind
from tenants.transaction import Tx
from tenants.viewer import Viewer

_MEMBER = "成员。The member."


@strawberry.input(description="申请加入。Ask to be let in.")
class ApplyForMembershipInput(Keyed):
    """Input of applyForMembership."""

    display_name: str = strawberry.field(
        description="邻居所见的称呼，1–30 字，可随意。What neighbours see, 1 to 30 characters: as you like."
    )
    real_name: str = strawberry.field(
        description="真实姓名，加密保存。Real name; kept encrypted, shown to nobody without a reason."
    )
    phone: str = strawberry.field(
        description=(
            "手机号，加密保存；大陆以外的号码写上国家或地区代码，须当面核实。\n"
            "Mobile number, kept encrypted; beyond the mainland with its country's code, and checked in person."
        )
    )
    id_number: str | None = strawberry.field(
        default=None, description="身份证号，可不填。Id number; may be left out."
    )
    building: str = strawberry.field(description="楼栋，如 3号楼。Building, 1 to 20 characters.")
    room: str = strawberry.field(description="室号，如 502。Room, 1 to 20 characters.")
    kind: ResidentKind = strawberry.field(description="居住情况。How you belong to the household.")
    consent_version: str = strawberry.field(
        description="您已阅读的 IDENTITY 同意书版本。The version of the IDENTITY text that you agree to."
    )


@strawberry.input(description="用微信核实手机号。Have WeChat vouch for the phone number.")
class VerifyPhoneInput:
    """Input of verifyPhone."""

    code: str = strawberry.field(
        description="`getPhoneNumber` 按钮给出的 code，五分钟内一次有效。From the button; five minutes, once."
    )


@strawberry.input(description="提交审核。Put the application before the committee.")
class SubmitForReviewInput(Retried):
    """Input of submitForReview."""


@strawberry.input(description="当面核实身份。Say that you met an applicant.")
class ConfirmIdentityInput:
    """Input of confirmIdentity."""

    member_id: strawberry.ID = strawberry.field(description=_MEMBER)
    note: str = strawberry.field(
        description="如何核实，记入审计；勿写证件号。How; kept in the audit. No id number, please."
    )


@strawberry.input(description="通过申请。Let an applicant in.")
class ApproveMemberInput:
    """Input of approveMember."""

    member_id: strawberry.ID = strawberry.field(description=_MEMBER)


@strawberry.input(description="退回申请。Send an application back.")
class ReturnMemberInput:
    """Input of returnMember."""

    member_id: strawberry.ID = strawberry.field(description=_MEMBER)
    reason: str = strawberry.field(
        description="理由，申请人可见，1–500 字。Why; the applicant sees it."
    )


@strawberry.input(description="换发加入码。Issue a new join code.")
class ReissueJoinCodeInput(Keyed):
    """Input of reissueJoinCode."""

    reason: str = strawberry.field(description="理由，记入审计。Why; kept in the audit.")


async def _person_of(services: dict[str, Any], viewer: Viewer, **_: Any) -> Any:
    async with identity(services["database"]) as store:
        found = await persons.affiliation(store, viewer.id)
    if found is None:
        raise Refused(Code.NOT_ELIGIBLE, "请重新扫码。Scan the community's code again.")
    return found["person_id"]


async def _phone_of(services: dict[str, Any], _: Viewer, input: VerifyPhoneInput) -> Any:
    try:
        return await services["wechat"].phone_number(input.code)
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


@mutation(
    procedure.APPLY,
    "申请加入本社区：扫码后、被退回后、迁出后。APPLIED。\n"
    "Ask to be let in: after scanning the code, after a return, after moving away.",
    prepare=_person_of,
    example=(
        "mutation { applyForMembership(input: {\n"
        '  displayName: "小王", realName: "王小明", phone: "13800000000",\n'
        '  building: "3号楼", room: "502", kind: RENTER, consentVersion: "2026-11", idempotencyKey: "d3a8"\n'
        "}) { member { state } userErrors { code message } } }"
    ),
    claims_itself=True,
)
async def apply_for_membership(
    tx: Tx, input: ApplyForMembershipInput, prepared: Any
) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    application = Application(
        display_name=input.display_name,
        real_name=input.real_name,
        phone=input.phone,
        id_number=input.id_number,
        building=input.building,
        room=input.room,
        kind=input.kind.value,
        consent_version=input.consent_version,
    )
    member = await joining.apply(tx, prepared, application, key=input.idempotency_key)
    return {"member": member}


@mutation(
    procedure.VERIFY_PHONE,
    "用微信核实申请所填手机号。APPLIED → IDENTITY_OK。\n"
    "Have WeChat vouch for the number you applied with; the other way is confirmIdentity.",
    prepare=_phone_of,
)
async def verify_phone(
    tx: Tx,
    input: VerifyPhoneInput,  # noqa: ARG001 # read before the transaction
    prepared: Any,
) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    return {"member": await joining.verify_phone(tx, phone=prepared)}


@mutation(
    procedure.SUBMIT,
    "提交审核，居委须在三个工作日内答复。IDENTITY_OK → UNDER_REVIEW。\n"
    "Put the application before the committee, which owes an answer in three working days.",
)
async def submit_for_review(
    tx: Tx,
    input: SubmitForReviewInput,  # noqa: ARG001 # nothing is to be said
) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    return {"member": await joining.submit(tx)}


@mutation(
    procedure.CONFIRM_IDENTITY,
    "居委当面核实申请人身份。APPLIED → IDENTITY_OK。Say that an applicant showed who they are.",
)
async def confirm_identity(
    tx: Tx, input: ConfirmIdentityInput
) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    return {"member": await joining.confirm_identity(tx, member_id=member, note=input.note)}


@mutation(
    procedure.APPROVE,
    "通过申请，不得经办本人的。UNDER_REVIEW → ACTIVE。Let an applicant in; never oneself.",
    example=(
        "mutation { approveMember(input: {\n"
        '  memberId: "mem_AZrY3kQkdI2QAQIDBAUGBw"\n'
        "}) { member { state } userErrors { code message } } }"
    ),
)
async def approve_member(tx: Tx, input: ApproveMemberInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    return {"member": await joining.approve(tx, member_id=decode_id(input.member_id, "mem_"))}


@mutation(
    procedure.RETURN,
    "退回申请并说明理由。UNDER_REVIEW → RETURNED。Send an application back with the reason.",
)
async def return_member(tx: Tx, input: ReturnMemberInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    return {"member": await joining.send_back(tx, member_id=member, reason=input.reason)}


@mutation(
    policy.REISSUE_JOIN_CODE,
    "换发加入码，旧码随即失效。Issue a new join code; the one before lets nobody in any more.",
    holds_self=True,
)
async def reissue_join_code(
    tx: Tx, input: ReissueJoinCodeInput
) -> Annotated[Outcome, JoinCodePayload]:
    """Translate."""
    return {"joinCode": await codes.reissue(tx, reason=input.reason)}
