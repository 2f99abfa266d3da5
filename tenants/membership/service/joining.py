"""Joining: apply, have the identity checked, submit for review, and be approved or returned."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit, phones
from tenants.columns import NOW, TENANT, VIEWER, bound
from tenants.errors import Code, Refused, StaleViewer
from tenants.masks import is_id_number, mask_id_number, mask_name
from tenants.membership.policy import UPDATE_DISPLAY_NAME
from tenants.membership.procedure import (
    APPLIED,
    APPLY,
    APPROVE,
    CONFIRM_IDENTITY,
    RETURN,
    SUBMIT,
    VERIFY_PHONE,
)
from tenants.membership.service import consents, households
from tenants.membership.service.envelopes import context
from tenants.membership.service.real_names import InPerson, PhoneByWeChat, RealNameCheck
from tenants.membership.tables import (
    BUILDING_LENGTH,
    DISPLAY_NAME_LENGTH,
    REAL_NAME_LENGTH,
    ROOM_LENGTH,
    Purpose,
    ResidentKind,
    guests,
    member_records,
    members,
)
from tenants.procedure import Step
from tenants.taking import first, note, said, take
from tenants.text import called, folded, written
from tenants.transaction import Row, Tx
from tenants.workdays import after_working_days

# The city sets no time limit; three working days are our promise, shown to the applicant.
REVIEW_WORKING_DAYS = 3


@dataclass(frozen=True)
class Application:
    """It holds the applicant's data, as given to the committee."""

    display_name: str
    real_name: str
    phone: str
    id_number: str | None
    building: str
    room: str
    kind: ResidentKind
    consent_version: str


async def apply(tx: Tx, *, person_id: UUID, application: Application, key: str) -> UUID:
    """Apply for membership; after a return or a move the same person applies again."""
    # personal data is left out of the key's hash: no trace of it may remain there
    claim = await audit.once(tx, "applyForMembership", key)
    if claim.done is not None:
        return claim.done
    member = await tx.seek(members, tx.viewer.id, permit=APPLY)
    front = called(application.display_name, DISPLAY_NAME_LENGTH, "displayName")
    building = written(application.building, BUILDING_LENGTH, "building")
    room = written(application.room, ROOM_LENGTH, "room")
    personal = _sealed(tx, application)

    await consents.note(tx, Purpose.IDENTITY, application.consent_version)
    if member is None:
        # the guest's row is locked while they become a member: their sign-out waits, and finds the
        # member
        held = await tx.row(_GUEST)
        if held is None or held["permission_version"] != tx.viewer.version:
            raise StaleViewer
        made = first(
            tx, APPLIED, id=tx.viewer.id, person_id=person_id, display_name=front,
            building=building, joined_at=tx.now, permission_version=tx.viewer.version,
            roles=["RESIDENT"],
        )  # fmt: skip
        if not await tx.insert_new(members, **made):
            raise Refused(Code.ALREADY_DONE, "已经申请过了。You have applied already.")
        await note(tx, APPLIED, made)
    else:
        await take(tx, APPLY, member, left_at=None, display_name=front, building=building)
    await tx.row(
        _RECORD,
        v_id=tx.viewer.id,
        v_household_id=await households.at(tx, building, room),
        v_kind=application.kind.value,
        v_applied_at=tx.now,
        **{f"v_{name}": value for name, value in personal.items()},
    )
    await audit.keep(tx, claim, tx.viewer.id)
    return tx.viewer.id


async def verify_phone(tx: Tx, *, phone: str | None) -> UUID:
    """Record WeChat's verification of the phone number; raise INVALID if it is another number."""
    member = await tx.find(members, tx.viewer.id, permit=VERIFY_PHONE)
    return await identify(tx, VERIFY_PHONE, member, PhoneByWeChat(phone))


async def confirm_identity(tx: Tx, *, member_id: UUID, note: str) -> UUID:
    """Record that an applicant proved their identity in person; `note` says how."""
    member = await tx.find(members, member_id, "memberId", permit=CONFIRM_IDENTITY)
    return await identify(tx, CONFIRM_IDENTITY, member, InPerson(note))


async def submit(tx: Tx) -> UUID:
    """Submit the application to the committee, which has three working days."""
    member = await tx.find(members, tx.viewer.id, permit=SUBMIT)
    await hand_in(tx, member["id"])
    await take(tx, SUBMIT, member)
    return member["id"]


async def approve(tx: Tx, *, member_id: UUID) -> UUID:
    """Approve an applicant."""
    member = await tx.find(members, member_id, "memberId", permit=APPROVE)
    await review(tx, member["id"], None)
    await take(tx, APPROVE, member)
    return member["id"]


async def send_back(tx: Tx, *, member_id: UUID, reason: str) -> UUID:
    """Return an application with a reason; the applicant may apply again."""
    member = await tx.find(members, member_id, "memberId", permit=RETURN)
    words = said(RETURN, reason)
    await review(tx, member["id"], words)
    await take(tx, RETURN, member, words=words)
    return member["id"]


async def update_display_name(tx: Tx, *, display_name: str) -> UUID:
    """Change the display name; it is free, and the real name stays on record."""
    member = await tx.find(members, tx.viewer.id, permit=UPDATE_DISPLAY_NAME)
    name = called(display_name, DISPLAY_NAME_LENGTH, "displayName")
    await tx.update(members, member["id"], display_name=name)
    await audit.record(tx, "member.renamed", subject=member["id"])
    return member["id"]


def _sealed(tx: Tx, application: Application) -> dict[str, object]:
    real_name = written(application.real_name, REAL_NAME_LENGTH, "realName")
    phone = phones.e164(application.phone)
    if phone is None:
        raise Refused(Code.INVALID, "须为手机号。Not a mobile number.", "phone")
    id_number = "".join(folded(application.id_number or "").split()).upper() or None
    if id_number is not None and not is_id_number(id_number):
        raise Refused(Code.INVALID, "证件号有误。Not a valid id number.", "idNumber")

    def seal(text: str, what: str) -> str:
        return tx.ring.seal(text, context=context(tx, tx.viewer.id, what))

    return {
        "real_name": seal(real_name, "real_name"),
        "real_name_masked": mask_name(real_name),
        "phone": seal(phone, "phone"),
        "phone_masked": phones.mask(phone),
        "phone_index": tx.ring.index(phone, purpose="phone"),
        "id_number": seal(id_number, "id_number") if id_number else None,
        "id_number_masked": mask_id_number(id_number) if id_number else None,
        "id_number_index": tx.ring.index(id_number, purpose="id_number") if id_number else None,
    }


async def identify(tx: Tx, step: Step, member: Row, check: RealNameCheck) -> UUID:
    """Record that the applicant's name was checked; raise what the check raises."""
    record = await tx.row(_OF, v_id=member["id"])
    assert record is not None  # noqa: S101 # who applied has a record
    words = check.examine(record, tx.ring)
    await tx.row(
        _CHECKED,
        v_id=member["id"],
        v_identity_check=check.kept_as,
        v_identity_checked_at=tx.now,
        v_identity_checked_by=tx.viewer.id,
    )
    await take(tx, step, member, words=words)
    return member["id"]


async def hand_in(tx: Tx, member_id: UUID) -> None:
    """Note when the application came to the committee, and until when it owes an answer."""
    due = after_working_days(tx.now, REVIEW_WORKING_DAYS)
    await tx.row(_SUBMITTED, v_id=member_id, v_submitted_at=tx.now, v_review_due_at=due)


async def review(tx: Tx, member_id: UUID, reason: str | None) -> None:
    """Note who reviewed the application; `reason` says why it is returned."""
    await tx.row(
        _REVIEWED,
        v_id=member_id,
        v_reviewed_at=tx.now,
        v_reviewed_by=tx.viewer.id,
        v_return_reason=reason,
    )


def _bound(table: sa.Table, *names: str) -> dict[str, sa.BindParameter[object]]:
    return {name: bound(table.c[name]) for name in names}


_ID = bound(members.c.id)
_GUEST = (
    insert(guests)
    .values(
        community_id=TENANT, id=VIEWER, permission_version=sa.literal_column("0"), changed_at=NOW
    )
    .on_conflict_do_update(
        index_elements=["community_id", "id"],
        set_={"permission_version": guests.c.permission_version},
    )
    .returning(guests.c.permission_version)
)
_GIVEN = (
    "household_id", "kind", "real_name", "real_name_masked", "phone", "phone_masked", "phone_index",
    "id_number", "id_number_masked", "id_number_index", "applied_at",
)  # fmt: skip
_EARLIER = (
    "identity_check", "identity_checked_at", "identity_checked_by", "submitted_at",
    "review_due_at", "reviewed_at", "reviewed_by", "return_reason",
)  # fmt: skip
_NEXT = {"version": member_records.c.version + sa.literal_column("1")}
_RECORD = (
    insert(member_records)
    .values(community_id=TENANT, version=1, **_bound(member_records, "id", *_GIVEN))
    .on_conflict_do_update(
        index_elements=["community_id", "id"],
        # a repeated application is checked and reviewed again
        set_=_bound(member_records, *_GIVEN) | dict.fromkeys(_EARLIER, sa.null()) | _NEXT,
    )
)
_THIS = (member_records.c.community_id == TENANT) & (member_records.c.id == _ID)
_OF = sa.select(member_records).where(_THIS)


def _note(*names: str) -> sa.Executable:
    return sa.update(member_records).where(_THIS).values(_bound(member_records, *names) | _NEXT)


_CHECKED = _note("identity_check", "identity_checked_at", "identity_checked_by")
_SUBMITTED = _note("submitted_at", "review_due_at")
_REVIEWED = _note("reviewed_at", "reviewed_by", "return_reason")
