"""Provide a community that is seeded with everything that a query can meet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from api.engine.bindings import prefix_of
from api.engine.identifiers import encode_id
from tenants.apps.tables import apps
from tenants.audit.tables import audit_entries
from tenants.boards.tables import boards, cases, comments, posts, reactions, read_marks, reports
from tenants.ids import new_id
from tenants.inspections.tables import inspections
from tenants.membership.offices import appointments, office_terms
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import consents, households, member_records, members, officers
from tenants.officers.tables import invitations
from tenants.petitions.tables import petitions
from tenants.places.tables import communities, departments, districts, streets
from tenants.scopes import scopes_of
from tenants.viewer import Viewer
from tests.engine import world_affairs, world_pacts, world_petitions, world_rates, world_votes
from tests.street import SECRETARY, STAFF, Make, Person, Place, door

START = datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)
EXPIRES = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
HOSTILE_TEXT = '"quote" \\back\\ \n new \u2028 </script> 😀 \x7f 100% :x $1 停水'


def viewer_of(person: Person) -> Viewer:
    """Return the viewer of a person's access token."""
    roles = person.identity().roles
    return Viewer(
        principal=person.principal,
        id=person.id,
        roles=roles,
        scopes=scopes_of(roles),
        version=person.version,
        client_id="tests",
        token_id="engine",
        expires_at=EXPIRES,
        community_id=person.place.key if person.place else 0,
        district_id=person.district_id,
        street_id=person.street_id,
        department_id=person.department_id,
    )


@dataclass
class World:
    """It holds the viewers, and the ids, slugs and words that exist, by their meaning."""

    place: Place
    foreign: Place
    viewers: dict[str, Viewer]
    ids: dict[str, list[str]] = field(default_factory=dict)
    foreign_ids: dict[str, list[str]] = field(default_factory=dict)
    slugs: tuple[str, ...] = ()
    words: tuple[str, ...] = ("停水", "Linli", "停水 几点", "linli 停水", "通知")

    def knows(self, table: Any, *rows: UUID, foreign: bool = False) -> None:
        """Note that these rows of a table exist."""
        kept = self.foreign_ids if foreign else self.ids
        prefix = prefix_of(table)
        kept.setdefault(prefix, []).extend(encode_id(row, prefix) for row in rows)


class Builder:
    """Builds the world; each method builds one part of it."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._ticks = 0
        self.appointments: list[UUID] = []
        self.appeals: dict[str, UUID] = {}

    async def build(self) -> World:
        """Build all of it."""
        place, foreign = await self._make.community(), await self._make.community()
        self.place, self.foreign = place, foreign
        await self._people()
        await self._records()
        await self._offices()
        await self._appeals()
        await self._officers()
        await self._readers()
        world = self.world = World(place, foreign, self._viewers())
        world.slugs = tuple(sorted(place.boards))
        world.knows(boards, *place.boards.values())
        world.knows(appointments, *self.appointments)
        world.knows(street_appeals, *self.appeals.values())
        world.knows(departments, *(each.id for each in self.departments))
        world.knows(officers, self.handler.id, self.one_street.id, self.former.id, self.asked.id)
        world.knows(invitations, *self.invitations)
        world.knows(apps, *(each.id for each in self.apps))
        world.knows(inspections, self.look.id)
        await self._posts()
        await self._talk()
        await self._moderation()
        await self._reactions()
        await self._images()
        await self._marks()
        await world_petitions.write(self, START, EXPIRES, HOSTILE_TEXT)
        await world_rates.write(self, START, EXPIRES, HOSTILE_TEXT)
        await world_votes.write(self, START, HOSTILE_TEXT)
        await world_affairs.write(self, START, HOSTILE_TEXT)
        await world_pacts.write(self, START, HOSTILE_TEXT)
        await self._elsewhere()
        await self._places()
        await self._note()
        return world

    async def _people(self) -> None:
        make, place = self._make, self.place
        self.resident = await make.member(place, name="王阿姨")
        self.staff = await make.member(place, *STAFF, name='李"委员"')
        self.secretary = await make.member(place, *SECRETARY, name="陈书记")
        self.second = await make.member(place, *SECRETARY, name="second secretary")
        self.neighbour = await make.member(place, name="邻居 😀")
        self.supervisor = await make.member(place, "RESIDENT", "SUPERVISOR", name="监督委员")
        self.suspended = await make.member(place, name="suspended", state="SUSPENDED")
        self.gone = await make.member(place, name="moved out", state="MOVED_OUT")
        for _ in range(18):
            await make.member(place)
        self.whole_district = await make.officer()
        self.one_street = await make.officer(place.street_id)
        async with make.inside(place.key) as connection:
            await connection.execute(
                "update tenant.member set building = null where id = any($1)",
                [self.neighbour.id, self.secretary.id],
            )

    async def _records(self) -> None:
        """Create member records: complete, nearly empty, and those of applicants."""
        place, make = self.place, self._make
        home = new_id(START)
        await make.row(place, households, id=home, **door("3号楼", "502"))
        whole: dict[str, Any] = {
            "household_id": home, "real_name": "{}", "real_name_masked": "王**", "phone": "{}",
            "phone_masked": "*******0001", "phone_index": b"1", "id_number": "{}",
            "id_number_masked": "**************002X", "id_number_index": b"2",
            "identity_check": "IN_PERSON", "identity_checked_at": START,
            "identity_checked_by": self.staff.id, "submitted_at": START + SECOND,
            "review_due_at": START + 2 * SECOND, "reviewed_at": START + 3 * SECOND,
            "reviewed_by": self.staff.id, "return_reason": "门牌不符", "suspended_reason": "刷屏",
            "suspended_until": EXPIRES,
        }  # fmt: skip
        due = {"phone_index": b"1", "review_due_at": START, "submitted_at": START}
        people = [
            (self.resident, whole),
            (self.staff, whole),
            (self.secretary, {}),
            (self.suspended, whole),
        ]
        for state in ("APPLIED", "RETURNED", "UNDER_REVIEW", "UNDER_REVIEW", "UNDER_REVIEW"):
            person = await make.member(place, state=state)
            people.append((person, due if state == "UNDER_REVIEW" else {}))
        for number, (person, facts) in enumerate(people):
            await make.row(
                place, member_records, id=person.id, kind="RENTER", applied_at=START, version=1,
                **dict.fromkeys(whole) | facts,
            )  # fmt: skip
            for purpose, withdrawn in (("IDENTITY", None), ("SERVICE_MESSAGES", START + SECOND)):
                await make.row(
                    place, consents, id=new_id(START), member_id=person.id, purpose=purpose,
                    text_version="2026-11", given_at=START, withdrawn_at=withdrawn,
                )  # fmt: skip
            for step in range(3):
                await make.row(
                    place, audit_entries, id=new_id(START + step * SECOND), at=START + step * SECOND,
                    actor_kind="MEMBER", actor_id=self.staff.id, client_id="tests", trace_id="t",
                    action="member.approved", subject_id=person.id, reason="因故" if step else None,
                    seq=1000 + 3 * number + step, prev_hash=b"", entry_hash=b"", reason_salt=None,
                    reason_hash=None, actor_role="COMMITTEE_MEMBER",
                    actor_desk=place.street_id if step else None,
                )  # fmt: skip

    async def _offices(self) -> None:
        """Create terms of office, current and ended, and appointments in every state."""
        place, make = self.place, self._make
        term: dict[str, Any] = {
            "starts_at": START, "ends_at": EXPIRES, "reason": "换届", "ended_at": None, "seat": None,
            "granted_by": self.secretary.id, "ended_by": None, "end_reason": None, "board_id": None,
        }  # fmt: skip
        ended = {"ended_at": START + SECOND, "ended_by": self.secretary.id, "end_reason": "辞职"}
        seat = {"seat": "LAWYER", "board_id": place.boards["hall"]}
        for person, role, facts in (
            (self.staff, "COMMITTEE_MEMBER", {}), (self.staff, "SUPERVISOR", ended),
            (self.neighbour, "SEAT", seat), (self.resident, "SEAT", {**seat, **ended}),
        ):  # fmt: skip
            await make.row(
                place, office_terms, id=new_id(START), member_id=person.id, role=role,
                **term | facts,
            )  # fmt: skip
        decided = {"decided_by": self.one_street.id, "decided_at": START + SECOND}
        for person, state, facts in (
            (self.resident, "PROPOSED", {}), (self.neighbour, "CONFIRMED", decided),
            (self.staff, "DECLINED", {**decided, "decision_reason": "暂缓"}),
        ):  # fmt: skip
            made = new_id(self._next())
            await make.row(
                place, appointments, id=made, district_id=310113, street_id=place.street_id,
                member_id=person.id, display_name="候选人", action="APPOINT", ends_at=EXPIRES,
                reason="换届", state=state, proposed_by=self.whole_district.id, proposed_at=START,
                version=1, **facts,
            )  # fmt: skip
            self.appointments.append(made)

    async def _appeals(self) -> None:
        """Create street appeals of each kind and state; one has lapsed and is not marked yet."""
        place, make = self.place, self._make
        decided = {"decided_by": self.one_street.id, "decided_at": START, "decision_reason": "查明"}
        suspended = {
            "kind": "SUSPENSION",
            "display_name": "候选人",
            "reason": "刷屏",
            "words": "没有",
        }
        hidden = {"kind": "HIDDEN_POST", "content": HOSTILE_TEXT, "reason": "广告", "words": "不是"}
        moot = {"decided_at": START}
        for name, person, state, facts in (
            ("open", self.suspended, "OPEN", {**suspended, "suspended_until": EXPIRES}),
            ("upheld", self.suspended, "UPHELD", {**suspended, **decided}),
            ("lifted", self.resident, "LIFTED", {**suspended, **decided}),
            ("moot", self.neighbour, "MOOT", {**suspended, **moot}),
            ("lapsed", self.gone, "OPEN", {**suspended, "suspended_until": START}),
            ("post", self.resident, "OPEN", {**hidden, "acted_by": self.staff.id}),
            ("comment", self.neighbour, "UPHELD", {"kind": "HIDDEN_COMMENT", **decided}),
        ):
            made = self.appeals[name] = new_id(self._next())
            await make.row(
                place, street_appeals, id=made, district_id=310113, street_id=place.street_id,
                member_id=person.id, state=state, created_at=START, version=1,
                due_at=EXPIRES if name == "post" else START, **facts,
            )  # fmt: skip
        async with make.inside(place.key) as connection:
            change = "update tenant.member_record set suspension_appeal_id = $2 where id = $1"
            await connection.execute(change, self.suspended.id, self.appeals["open"])
            await connection.execute(change, self.resident.id, self.appeals["lifted"])

    async def _officers(self) -> None:
        """Create departments, a handler and a former one, and invitations of each state."""
        make, street = self._make, self.place.street_id
        away = 310113102 if street != 310113102 else 310113003
        self.departments = [
            await make.department(street, name="房管办", created_at=START),
            await make.department(created_at=START),
            await make.department(street, state="CLOSED"),
            await make.department(away),
        ]
        here, above = self.departments[:2]
        await make.row(
            self.place, audit_entries, id=new_id(START), at=START, actor_kind="OFFICER",
            actor_id=new_id(START), client_id="tests", trace_id="t", action="post.read",
            subject_id=new_id(START), seq=9000, prev_hash=b"", entry_hash=b"", reason_salt=None,
            reason_hash=None, reason=None, actor_role="DEPARTMENT_HANDLER", actor_desk=-here.number,
        )  # fmt: skip
        self.handler = await make.officer(department=here, ends_at=EXPIRES)
        self.former = await make.officer(department=above, state="DISMISSED", ended_at=START)
        self.asked = await make.officer(
            street, dismissal_asked_by=self.one_street.id, dismissal_asked_at=START
        )
        decided = {"decided_by": self.one_street.id, "decided_at": START + SECOND}
        accepted = {"officer_id": self.handler.id, "accepted_at": START + SECOND}
        self.invitations: list[UUID] = []
        for state, department, facts in (
            ("PROPOSED", None, {}), ("OPEN", None, decided), ("ACCEPTED", here, accepted),
            ("DECLINED", above, {**decided, "decision_reason": "暂缓"}),
        ):  # fmt: skip
            made = new_id(self._next())
            await make.above(
                invitations, district_id=310113, id=made, street_id=street if department is not above else 0,
                department_id=department.number if department else None,
                role="DEPARTMENT_HANDLER" if department else "DISTRICT_ADMIN", display_name="受邀人",
                ends_at=EXPIRES if department else None, reason="增员", code_hash=made.bytes, state=state,
                invited_by=self.whole_district.id, invited_at=START, expires_at=EXPIRES, version=1,
                **facts,
            )  # fmt: skip
            self.invitations.append(made)

    async def _readers(self) -> None:
        """Create apps, also suspended here and from above; running and ended inspections."""
        make, place = self._make, self.place
        stopped = {"state": "SUSPENDED", "suspended_reason": "泄露"}
        self.apps = [
            await make.app(place, created_at=START, secret_at=START),
            await make.app(place, created_at=START, secret_at=START, **stopped),
            await make.app(
                place, created_at=START, secret_at=START, suspended_from_above=True,
                registered_from_above=True, old_secret_until=EXPIRES, **stopped,
            ),
        ]  # fmt: skip
        over = {"started_at": START, "ends_at": START + SECOND}
        await make.inspection(place, self.one_street, **over)
        self.look = await make.inspection(place, self.whole_district, reason=HOSTILE_TEXT)

    def _viewers(self) -> dict[str, Viewer]:
        people = {
            "resident": self.resident,
            "committee": self.staff,
            "secretary": self.secretary,
            "neighbour": self.neighbour,
            "district": self.whole_district,
            "street": self.one_street,
            "handler": self.handler,
            "app": self.apps[0],
            "inspector": self.look,
            "supervisor": self.supervisor,
        }
        return {name: viewer_of(person) for name, person in people.items()}

    async def _posts(self) -> None:
        """Fill boards with 0, 1, 2, 3, 4, 19 and 41 rows: just below, at and above page sizes."""
        authors = [self.resident, self.neighbour, self.suspended, self.staff, self.gone]
        self.feed = [await self.post(authors[i % 5], pinned=i in {3, 7, 20}) for i in range(36)]
        at = self._next()
        # ties: equal moments, so that only the id orders them; and moments a microsecond apart
        self.feed += [await self.post(authors[i], at=at) for i in range(3)]
        self.feed += [await self.post(authors[i], at=at + i * MICROSECOND) for i in (1, 2)]
        self.plaza = [await self.post(authors[i], "plaza") for i in range(4)]
        self.party = [await self.post(self.staff, "party") for _ in range(2)]
        self.notices = [
            await self.post(self.secretary, "notices", title="停水通知", at=datetime.now(UTC))
            for _ in range(3)
        ]
        self.notices.append(await self.post(self.secretary, "notices", title="旧通知"))
        self.affairs = [await self.post(self.staff, "affairs") for _ in range(19)]
        self.odd = await self.post(
            self.resident, "hall", title="Linli 停水 %", body=HOSTILE_TEXT, edited_at=START
        )
        self.held = await self.post(self.resident, "hall", state="HELD")
        self.other_held = await self.post(self.neighbour, "hall", state="HELD")
        self.hidden = [await self.post(self.resident, state="HIDDEN") for _ in range(3)]
        self.deleted = await self.post(self.neighbour, state="DELETED")
        async with self._make.inside(self.place.key) as connection:
            await connection.execute(
                "update tenant.board set archived_at = $2 where id = $1",
                self.place.boards["party"],
                START,
            )

    async def _talk(self) -> None:
        """Create posts with 0 to 4, 19, 20, 21 and 40 comments; also replies and all states."""
        self.threads: list[UUID] = []
        for post, size in zip(self.feed[::-1], (1, 2, 3, 4, 19, 20, 21, 40), strict=False):
            self.threads += [await self.comment(self.neighbour, post) for _ in range(size)]
        busy, quiet = self.feed[-2], self.odd
        first = self.threads[1]
        for replies, parent in ((1, self.threads[0]), (3, first), (2, self.threads[2])):
            post = self.feed[-1] if parent == self.threads[0] else busy
            for _ in range(replies):
                await self.comment(self.resident, post, parent_id=parent)
        empty = await self.comment(self.neighbour, quiet, state="DELETED")
        self.placeholder = empty
        await self.comment(self.suspended, quiet, parent_id=empty)
        await self.comment(self.neighbour, quiet, state="DELETED", body="gone for good")
        self.hidden_comment = await self.comment(self.resident, quiet, state="HIDDEN")
        self.held_comment = await self.comment(self.neighbour, quiet, state="HELD")
        self.odd_comment = await self.comment(
            self.resident, quiet, body=HOSTILE_TEXT, edited_at=START, version=3
        )
        await self.comment(self.neighbour, self.hidden[0], post_state="HIDDEN")
        await self.comment(self.resident, self.deleted, post_state="DELETED")

    async def _moderation(self) -> None:
        """Create a case in every state, on posts and comments, seen and unseen by the author."""
        decided: dict[str, Any] = {
            "decided_by": self.staff.id,
            "decided_at": START,
            "reason_code": "SPAM",
            "reason": "广告",
        }
        appealed = {**decided, "appeal": "不是广告", "appealed_at": START + SECOND}
        judged: dict[str, Any] = {
            **appealed,
            "appeal_decided_by": self.secretary.id,
            "appeal_decided_at": START + 2 * SECOND,
            "appeal_reason": "确是",
        }
        own, other = self.hidden, self.feed
        await self._case(self.resident, self.held, was_held=True)
        await self._case(self.neighbour, self.other_held, was_held=True)
        self.open_case = await self._case(self.neighbour, other[1], report_count=2)
        await self._case(self.resident, other[5], report_count=1)
        await self._case(self.resident, own[0], state="HIDDEN", **decided)
        at_street = {"street_appeal_id": self.appeals["post"], "appeal_due_at": START}
        await self._case(self.resident, own[1], state="APPEALED", **appealed, **at_street)
        await self._case(self.resident, own[2], state="UPHELD", **judged)
        await self._case(self.resident, self.odd, state="RESTORED", **judged)
        gone = {**decided, "decided_by": self.gone.id}
        await self._case(self.resident, other[0], state="KEPT", **gone)
        kinds: tuple[tuple[UUID, str, dict[str, Any]], ...] = (
            (self.hidden_comment, "HIDDEN", decided),
            (self.held_comment, "OPEN", {"was_held": True}),
        )
        for comment, state, facts in kinds:
            author = self.resident if state == "HIDDEN" else self.neighbour
            opened = self._next()
            row = {"was_held": False, "report_count": 0, "opened_at": opened, **facts}
            await self._make.row(
                self.place, cases, id=new_id(opened), subject_id=comment,
                comment_id=comment, author_id=author.id, state=state, **row,
            )  # fmt: skip
        for reporter in (self.resident, self.staff):
            await self._make.row(
                self.place, reports, case_id=self.open_case, reporter_id=reporter.id,
                reason_code="SPAM", note=None, created_at=START,
            )  # fmt: skip

    async def _reactions(self) -> None:
        kinds = ("LIKE", "THANKS", "SUPPORT", "CARE")
        everyone = (self.resident, self.neighbour, self.staff, self.suspended)
        subjects = [*self.feed[-6:], self.odd, *self.threads[:4], self.odd_comment]
        for i, subject in enumerate(subjects):
            is_post = subject in self.feed or subject == self.odd
            named = {"post_id" if is_post else "comment_id": subject}
            for j, member in enumerate(everyone[: 1 + i % 4]):
                for kind in kinds[: 1 + (i + j) % 4]:
                    await self._make.row(
                        self.place, reactions, subject_id=subject, member_id=member.id,
                        kind=kind, created_at=START, **named,
                    )  # fmt: skip

    async def _images(self) -> None:
        """Add none, one or some images to texts; one was never used, one was removed."""
        for number, post in enumerate((*self.feed[-4:], self.odd, self.hidden[0])):
            for position in range(number % 4):
                await self._make.image(
                    self.resident,
                    "post",
                    post,
                    position=position,
                    width=100 + position,
                    at=self._next(),
                )
        for comment in (*self.threads[:2], self.odd_comment, self.hidden_comment):
            await self._make.image(self.neighbour, "comment", comment, at=self._next())
        await self._make.image(self.resident, at=self._next())
        await self._make.image(
            self.resident, "post", self.odd, position=1, released_at=START, at=self._next()
        )

    async def _marks(self) -> None:
        for reader, read in (
            (self.resident, [*self.notices[:1], self.odd]),
            (self.staff, self.feed[-3:]),
        ):
            for post in read:
                await self._make.row(
                    self.place, read_marks, post_id=post, member_id=reader.id, read_at=START
                )

    async def _elsewhere(self) -> None:
        stranger = await self._make.member(self.foreign)
        world, place = self.world, self.foreign
        post = await self._make.post(stranger, at=START)
        world.knows(posts, post, foreign=True)
        world.knows(comments, await self._make.comment(stranger, post), foreign=True)
        world.knows(boards, *place.boards.values(), foreign=True)
        world.knows(members, stranger.id, foreign=True)
        world.knows(cases, await self._make.case(stranger, post), foreign=True)
        world.knows(petitions, await self._make.petition(stranger, at=START), foreign=True)

    async def _places(self) -> None:
        owner = await asyncpg.connect(self._make.cluster.url())
        await owner.execute(
            "update tenant.community set state = 'SUSPENDED', suspended_reason = '整改' "
            "where community_id = $1",
            self.foreign.key,
        )
        names: Mapping[str, Any] = {"district": districts, "street": streets}
        for name, table in names.items():
            rows = await owner.fetch(f"select id from reference.{name} order by code")
            self.world.knows(table, *(row["id"] for row in rows))
        ours = await owner.fetch("select id from tenant.community order by code limit 30")
        self.world.knows(communities, self.place.id, self.place.id, *(r["id"] for r in ours))
        await owner.close()

    async def _note(self) -> None:
        for name, table in (
            ("post", posts),
            ("comment", comments),
            ("moderation_case", cases),
            ("member", members),
        ):
            rows = await self._make.rows(self.place, f"select id from tenant.{name} order by id")
            self.world.knows(table, *(row["id"] for row in rows))
        # rare rows are drawn more often
        self.world.knows(posts, *(self.odd, self.held, *self.hidden) * 3, *self.feed[-8:])
        self.world.knows(comments, *(self.placeholder, self.hidden_comment, self.odd_comment) * 5)
        self.world.knows(comments, *self.threads[:3] * 5)

    def _next(self) -> datetime:
        self._ticks += 1
        return START + self._ticks * SECOND

    async def post(self, author: Person, slug: str = "neighbours", **values: Any) -> UUID:
        """Create a post one second after the one before."""
        values.setdefault("at", self._next())
        return await self._make.post(author, slug, **values)

    async def comment(self, author: Person, post: UUID, **values: Any) -> UUID:
        """Create a comment one second after the row before."""
        values.setdefault("at", self._next())
        return await self._make.comment(author, post, **values)

    async def _case(self, author: Person, subject: UUID, **values: Any) -> UUID:
        return await self._make.case(author, subject, opened_at=self._next(), **values)
