"""A district of one street where every id, moment and text is known beforehand."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from api.administration import bring_in
from api.engine.identifiers import decode_id
from tenants.audit.tables import audit_entries
from tenants.boards.tables import cases, reactions, read_marks, reports
from tenants.db import Database
from tenants.duty.tables import duty_gaps, duty_shifts
from tenants.membership.offices import appointments, office_terms
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import consents, households, member_records, members, officers
from tenants.officers.tables import invitations
from tenants.places.tables import departments
from tests.engine import (
    hamlet_affairs,
    hamlet_pacts,
    hamlet_petitions,
    hamlet_rates,
    hamlet_topics,
    hamlet_votes,
)
from tests.street import SECRETARY, STAFF, Make, Person, Place, door

DISTRICT, STREET = "dst_TheDistrict----------A", "str_ElmStreet_-----------g"
ELM, OAK = "com_ElmCommunity---------A", "com_OakVillage-----------A"
BOARDS = {
    "notices": "brd_Notices--------------A",
    "party": "brd_Party----------------A",
    "hall": "brd_Hall-----------------A",
    "neighbours": "brd_Neighbours-----------A",
    "plaza": "brd_Plaza----------------A",
    "affairs": "brd_Affairs--------------A",
}
OFFICER = "off_Officer--------------A"
WANG, LIU, SUN = (
    "mem_MrsWang--------------A",
    "mem_Neighbour_Liu--------A",
    "mem_Neighbour_Sun--------A",
)
LI, CHEN, ZHOU = (
    "mem_MsLi-----------------A",
    "mem_SecretaryChen--------A",
    "mem_SecretaryZhou--------A",
)
LIFT, NOTICE, OLD_NOTICE, SPARE, JUDGED = (
    "pst_TheLift_-------------Q",
    "pst_Notice---------------A",
    "pst_ANotice--------------A",
    "pst_Spare----------------A",
    "pst_Judged---------------A",
)
ADVERT, REPLY = "cmt_Advert---------------A", "cmt_Reply----------------A"
OF_LIFT, OF_ADVERT, OF_JUDGED = (
    "mod_OfTheLift------------A",
    "mod_OfTheAdvert----------A",
    "mod_OfTheJudged----------A",
)

SHIFT, OLD_SHIFT = "sft_Shift----------------A", "sft_OldShift-------------A"
HOUSING, HANDLER = "dep_Housing--------------A", "off_Handler--------------A"
FORMER, INVITATION = "off_Former---------------A", "inv_Invitation-----------A"
APP, STOPPED = "app_Screen---------------A", "app_Stopped--------------A"
LOOK, LOOKED = "ins_Look-----------------A", "ins_Looked---------------A"
APPOINTMENT = "apt_Appointment----------A"
OF_WANG, OF_LIU, OF_SUN, OF_LI = (
    "apl_OfWang---------------A",
    "apl_OfLiu----------------A",
    "apl_OfSun----------------A",
    "apl_OfLi-----------------A",
)
PHOTO = "upl_Photo----------------A"
JOIN_CODE = "1-abcdefghjkmnpqrstuvw"
JANUARY = datetime(2026, 1, 5, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)
EVER = datetime(2099, 1, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)
_ROWS = (("999999001001", "榆树里", "RESIDENTIAL"), ("999999001201", "橡树村", "VILLAGE"))
_ABOVE = {
    "street_code": "999999001",
    "street_name": "榆树街道",
    "district_code": "999999",
    "district_name": "试验区",
}


def uuid(public_id: str) -> UUID:
    """Return the row's id for a public id."""
    found = decode_id(public_id, public_id[:4])
    assert found is not None, public_id
    return found


@dataclass(frozen=True)
class Hamlet:
    """It holds two communities, and their residents by name."""

    elm: Place
    people: dict[str, Person]


async def settle(make: Make, database: Database) -> Hamlet:
    """Import the places and seed one of them."""
    rows = [{"code": c, "name": n, "kind": k, **_ABOVE} for c, n, k in _ROWS]
    await bring_in(database, rows, lambda _: None)
    key = await _name_places(make)
    elm = await make.place(key)
    people = {
        "officer": Person(uuid(OFFICER), ("DISTRICT_ADMIN",), district_id=999999, org=DISTRICT),
        "handler": Person(
            uuid(HANDLER),
            ("DEPARTMENT_HANDLER",),
            district_id=999999,
            department_id=999999001,
            org=HOUSING,
        ),
        "wang": await _member(make, elm, WANG, "王阿姨"),
        "liu": await _member(make, elm, LIU, "小刘", building=None),
        "sun": await _member(make, elm, SUN, "老孙"),
        "li": await _member(make, elm, LI, "李委员", *STAFF),
        "chen": await _member(make, elm, CHEN, "陈书记", *SECRETARY),
        "zhou": await _member(make, elm, ZHOU, "周书记", *SECRETARY),
    }
    await _serve(make)
    people |= await _let_in(make, elm)
    await _keep(make, people)
    await _appeal(make, people)
    await _write(make, people)
    await _illustrate(make, people)
    await _judge(make, people)
    await _roster(make, people)
    made = Hamlet(elm, people)
    await hamlet_petitions.write(made, make, sys.modules[__name__])
    await hamlet_rates.write(made, make, sys.modules[__name__])
    await hamlet_votes.write(made, make, sys.modules[__name__])
    await hamlet_affairs.write(made, make, sys.modules[__name__])
    await hamlet_pacts.write(made, make, sys.modules[__name__])
    await hamlet_topics.write(made, make, sys.modules[__name__])
    return made


async def _name_places(make: Make) -> int:
    """Set known ids and moments on the places, as only the owner can; return Elm's tenant key."""
    owner = await asyncpg.connect(make.cluster.url())
    for name, known, code in (("district", DISTRICT, "999999"), ("street", STREET, "999999001")):
        await owner.execute(
            f"update reference.{name} set id = $1 where code = $2", uuid(known), code
        )
    for known, (code, *_) in zip((ELM, OAK), _ROWS, strict=True):
        await owner.execute(
            "update tenant.community set id = $1, created_at = $2 where code = $3",
            uuid(known), JANUARY, code,
        )  # fmt: skip
    key = await owner.fetchval("select community_id from tenant.community where id = $1", uuid(ELM))
    for slug, known in BOARDS.items():
        await owner.execute(
            "update tenant.board set id = $1, created_at = $2, archived_at = $3 "
            "where community_id = $4 and slug = $5",
            uuid(known), JANUARY, FEBRUARY if slug == "party" else None, key, slug,
        )  # fmt: skip
    await owner.execute(
        "insert into district.officer (district_id, id, street_id, person_id, display_name, roles, "
        "state, permission_version) values (999999, $1, 0, $1, '区管理员', "
        "array['DISTRICT_ADMIN'], 'ACTIVE', 1)",
        uuid(OFFICER),
    )
    await owner.close()
    return key


async def _serve(make: Make) -> None:
    """Create a department of Elm's street, its handler, and the handler's invitations."""
    street = {"district_id": 999999, "street_id": 999999001, "department_id": 999999001}
    await make.above(
        departments, **street, id=uuid(HOUSING), name="房管办", duties="物业", state="ACTIVE",
        created_at=JANUARY, version=3, handlers=1,
    )  # fmt: skip
    await make.above(
        officers, **street, id=uuid(HANDLER), person_id=uuid(HANDLER), display_name="小张",
        roles=["DEPARTMENT_HANDLER"], state="ACTIVE", permission_version=1, ends_at=EVER,
        dismissal_asked_by=uuid(OFFICER), dismissal_asked_at=JANUARY,
    )  # fmt: skip
    await make.above(
        officers, **street, id=uuid(FORMER), person_id=uuid(FORMER), display_name="老张",
        roles=["DEPARTMENT_HANDLER"], state="LAPSED", permission_version=2, ends_at=FEBRUARY,
        ended_at=FEBRUARY,
    )  # fmt: skip
    await make.above(
        invitations, **street, id=uuid(INVITATION), role="DEPARTMENT_HANDLER", display_name="小张",
        ends_at=EVER, reason="增员", code_hash=b"1", state="ACCEPTED", invited_by=uuid(OFFICER),
        invited_at=JANUARY, expires_at=FEBRUARY, decided_by=uuid(LIU), decided_at=FEBRUARY,
        decision_reason="无", officer_id=uuid(HANDLER), accepted_at=FEBRUARY, version=3,
    )  # fmt: skip


async def _let_in(make: Make, elm: Place) -> dict[str, Person]:
    """Create an app that reads Elm and was suspended once, and a running inspection."""
    app = await make.app(
        elm, id=uuid(APP), district_id=999999, street_id=999999001, created_at=JANUARY,
        secret_at=FEBRUARY, old_secret_until=FEBRUARY, version=2,
        scopes=["board:read", "community:read"], registered_from_above=True,
    )  # fmt: skip
    await make.app(
        elm, id=uuid(STOPPED), district_id=999999, street_id=999999001, display_name="旧应用",
        state="SUSPENDED", suspended_reason="泄露", suspended_from_above=True,
    )  # fmt: skip
    officer = Person(uuid(OFFICER), ("DISTRICT_ADMIN",), None, 999999, 999999001)
    await make.inspection(
        elm, officer, id=uuid(LOOKED), display_name="小李", reason="抽查",
        started_at=JANUARY, ends_at=JANUARY + timedelta(minutes=10),
    )  # fmt: skip
    look = await make.inspection(elm, officer, id=uuid(LOOK), display_name="小张")
    return {"app": app, "inspector": look}


async def _member(
    make: Make, elm: Place, id: str, name: str, *roles: str, building: str | None = "3号楼"
) -> Person:
    person = Person(uuid(id), roles or ("RESIDENT",), elm)
    await make.row(
        elm, members, id=person.id, person_id=person.id, display_name=name, building=building,
        roles=list(person.roles), state="ACTIVE", permission_version=1, joined_at=FEBRUARY,
    )  # fmt: skip
    await make.count(elm, members=1)
    return person


async def _keep(make: Make, people: dict[str, Person]) -> None:
    """Create Mrs Wang's record with everything that can be known of a member."""
    wang, li = people["wang"], people["li"]
    elm = wang.place
    assert elm is not None
    await make.row(elm, households, id=uuid(ELM), **door("3号楼", "502"))
    await make.row(
        elm, member_records, id=wang.id, household_id=uuid(ELM), kind="RENTER", real_name="{}",
        real_name_masked="王**", phone="{}", phone_masked="*******0001", phone_index=b"1",
        id_number="{}", id_number_masked="**************002X", id_number_index=b"2",
        identity_check="IN_PERSON", identity_checked_at=FEBRUARY, identity_checked_by=li.id,
        applied_at=JANUARY, submitted_at=FEBRUARY, review_due_at=MARCH, reviewed_at=FEBRUARY,
        reviewed_by=li.id, return_reason="门牌不符", suspended_reason="刷屏", suspended_until=MARCH,
        version=1,
    )  # fmt: skip
    await make.row(
        elm, consents, id=uuid(ELM), member_id=wang.id, purpose="IDENTITY", text_version="2026-11",
        given_at=JANUARY, withdrawn_at=MARCH,
    )  # fmt: skip
    await make.row(
        elm, audit_entries, id=uuid(WANG), at=FEBRUARY, actor_kind="MEMBER", actor_id=li.id,
        client_id="tests", trace_id="abcd", action="member.identified", subject_id=wang.id,
        reason="看过户口簿", seq=900, reason_salt=None, reason_hash=None, prev_hash=b"",
        entry_hash=b"", actor_role="COMMITTEE_MEMBER",
    )  # fmt: skip
    for seq, role, desk in (
        (899, "DISTRICT_ADMIN", 999999001), (898, "DEPARTMENT_HANDLER", -999999001)
    ):  # fmt: skip
        await make.row(
            elm, audit_entries, id=UUID(int=seq), at=FEBRUARY, actor_kind="OFFICER",
            actor_id=people["officer"].id, client_id="tests", trace_id="abcd",
            action="community.renamed", subject_id=elm.id, reason=None, seq=seq, reason_salt=None,
            reason_hash=None, prev_hash=b"", entry_hash=b"", actor_role=role, actor_desk=desk,
        )  # fmt: skip
    await make.row(
        elm, office_terms, id=uuid(ELM), member_id=wang.id, role="SEAT", seat="DOCTOR",
        board_id=uuid(BOARDS["hall"]), starts_at=JANUARY, ends_at=FEBRUARY, reason="义诊",
        granted_by=people["chen"].id, ended_at=MARCH, ended_by=None, end_reason=None,
    )  # fmt: skip
    await make.row(
        elm, appointments, id=uuid(APPOINTMENT), district_id=999999, street_id=999999001,
        member_id=people["zhou"].id, display_name="周书记", action="APPOINT", ends_at=MARCH,
        reason="换届", state="DECLINED", proposed_by=people["officer"].id, proposed_at=JANUARY,
        decided_by=people["officer"].id, decided_at=FEBRUARY, decision_reason="暂缓", version=2,
    )  # fmt: skip
    async with make.inside(elm.key) as connection:
        await connection.execute(
            "update tenant.join_code set code = $1, issued_at = $2", JOIN_CODE, JANUARY
        )


async def _appeal(make: Make, people: dict[str, Person]) -> None:
    """Create appeals: those of Mrs Wang and on Liu's advert upheld; Sun's and Ms Li's open."""
    elm, officer = people["wang"].place, people["officer"].id
    assert elm is not None
    decided = {"decided_by": officer, "decided_at": MARCH, "decision_reason": "属实"}
    asked = {"reason": "刷屏", "words": "我没有"}
    for made, who, facts in (
        (OF_WANG, "wang", {"display_name": "王阿姨", **asked, **decided, "suspended_until": MARCH}),
        (OF_LIU, "liu", {"kind": "HIDDEN_COMMENT", **decided}),
        (OF_SUN, "sun", {"display_name": "老孙", **asked}),
        (OF_LI, "li", {"kind": "HIDDEN_POST", "content": "换书", **asked}),
    ):
        given = {
            "kind": "SUSPENSION",
            "state": "UPHELD" if "decided_by" in facts else "OPEN",
            **facts,
        }
        await make.row(
            elm, street_appeals, id=uuid(made), district_id=999999, street_id=999999001,
            member_id=people[who].id, created_at=JANUARY, version=1,
            due_at=FEBRUARY if made == OF_LI else JANUARY, **given,
        )  # fmt: skip
    async with make.inside(elm.key) as connection:
        await connection.execute(
            "update tenant.member_record set suspension_appeal_id = $1", uuid(OF_WANG)
        )


async def _roster(make: Make, people: dict[str, Person]) -> None:
    """Put Ms Li on duty, now and in the past; add a gap ahead."""
    elm, li = people["li"].place, people["li"]
    assert elm is not None
    # no roster is begun: otherwise the server's own worker would find the gap again, at some moment
    for made, end in ((SHIFT, EVER), (OLD_SHIFT, FEBRUARY)):
        await make.row(
            elm, duty_shifts, id=uuid(made), member_id=li.id, starts_at=JANUARY, ends_at=end,
            created_at=JANUARY, created_by=people["chen"].id,
        )  # fmt: skip
    await make.row(
        elm, duty_gaps, id=uuid(ELM), starts_at=EVER, ends_at=EVER + timedelta(hours=8),
        found_at=JANUARY,
    )  # fmt: skip


async def _write(make: Make, people: dict[str, Person]) -> None:
    """Write Mrs Wang's post about the lift, a hidden comment with a reply, and two notices."""
    wang, liu, li = people["wang"], people["liu"], people["li"]
    lift, advert = uuid(LIFT), uuid(ADVERT)
    await make.post(
        wang, id=lift, at=MARCH, title="电梯又停了", body="三号楼的电梯停在五楼。", pinned=True,
        edited_at=MARCH.replace(hour=9, microsecond=0), version=3, reaction_count=3,
    )  # fmt: skip
    await make.comment(
        liu, lift, id=advert, at=MARCH.replace(hour=10), body="修电梯找我", state="HIDDEN",
        edited_at=MARCH.replace(hour=11), version=2, reaction_count=1,
    )  # fmt: skip
    await make.comment(
        wang, lift, id=uuid(REPLY), at=MARCH.replace(hour=12), parent_id=advert, body="不用了"
    )
    await make.post(li, "notices", id=uuid(NOTICE), at=MARCH, title="检修通知", body="周三检修。")
    await make.post(li, "notices", id=uuid(OLD_NOTICE), at=FEBRUARY, title="旧通知", body="已过。")
    await make.post(wang, "plaza", id=uuid(SPARE), at=MARCH, title="换书", body="有人换书吗？")
    for who, kind in ((wang, "LIKE"), (li, "LIKE"), (liu, "CARE")):
        await _react(make, who, "post_id", lift, kind)
    await _react(make, wang, "comment_id", advert, "THANKS")
    for reader, post in ((li, LIFT), (liu, OLD_NOTICE)):
        assert reader.place is not None
        await make.row(
            reader.place, read_marks, post_id=uuid(post), member_id=reader.id, read_at=MARCH
        )


async def _illustrate(make: Make, people: dict[str, Person]) -> None:
    """Add Mrs Wang's photo of the lift, and the one of Liu's advert."""
    await make.image(people["wang"], "post", uuid(LIFT), id=uuid(PHOTO), at=MARCH)
    await make.image(people["liu"], "comment", uuid(ADVERT), at=MARCH, width=400)


async def _react(make: Make, who: Person, name: str, subject: UUID, kind: str) -> None:
    assert who.place is not None
    of: dict[str, Any] = {name: subject}
    await make.row(
        who.place,
        reactions,
        subject_id=subject,
        member_id=who.id,
        kind=kind,
        created_at=MARCH,
        **of,
    )


async def _judge(make: Make, people: dict[str, Person]) -> None:
    """Create a reported post, a comment with an upheld hiding, and an appealed post."""
    wang, liu, li, chen = (people[name] for name in ("wang", "liu", "li", "chen"))
    assert li.place is not None
    await make.case(wang, uuid(LIFT), id=uuid(OF_LIFT), report_count=1, opened_at=MARCH)
    await make.row(
        li.place, reports, case_id=uuid(OF_LIFT), reporter_id=li.id, reason_code="OTHER",
        note=None, created_at=MARCH,
    )  # fmt: skip
    hidden: dict[str, Any] = {
        "opened_at": MARCH.replace(hour=13), "report_count": 2, "was_held": False,
        "decided_by": li.id, "decided_at": MARCH.replace(hour=14), "reason_code": "SPAM",
        "reason": "广告", "appeal": "不是广告", "appealed_at": MARCH.replace(hour=15),
    }  # fmt: skip
    await make.row(
        li.place, cases, id=uuid(OF_ADVERT), subject_id=uuid(ADVERT), comment_id=uuid(ADVERT),
        author_id=liu.id, state="UPHELD", appeal_decided_by=chen.id,
        appeal_decided_at=MARCH.replace(hour=16), appeal_reason="确是广告", **hidden,
        appeal_due_at=MARCH.replace(day=4), street_appeal_id=uuid(OF_LIU),
    )  # fmt: skip
    await make.post(liu, "plaza", id=uuid(JUDGED), at=MARCH, state="HIDDEN")
    await make.case(liu, uuid(JUDGED), id=uuid(OF_JUDGED), state="APPEALED", **hidden)
