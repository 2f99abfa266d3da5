"""Make up one community's members, posts and comments row by row, and insert them in batches."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from demo.texts import Topic, display_name, invented_name, official_name, slots, topics
from tenants import phones
from tenants.boards.tables import (
    MOST_PINNED,
    cases,
    comments,
    post_terms,
    posts,
    reactions,
    read_marks,
    reports,
)
from tenants.boards.words import ReactionKind
from tenants.ids import new_id
from tenants.keyring import KeyRing
from tenants.masks import mask_name
from tenants.membership.service.joining import REVIEW_WORKING_DAYS
from tenants.membership.tables import ResidentKind, member_records, members
from tenants.places.tables import community_counts
from tenants.statements import Statement, render
from tenants.terms import terms_of
from tenants.workdays import after_working_days

SEED = 2017  # the year in which 社区通 began
TODAY = datetime(2026, 11, 1, tzinfo=UTC)
_DAYS = 540
_PUBLISHED, _HELD, _HIDDEN = "PUBLISHED", "HELD", "HIDDEN"

Rows = list[dict[str, Any]]


class CommunityTalk:
    """All rows of one community, made up from its number alone."""

    def __init__(
        self, key: int, boards: dict[str, UUID], *, is_lively: bool, ring: KeyRing
    ) -> None:
        self.key = key
        self._ring = ring
        self.boards = boards
        self.is_lively = is_lively
        self.chance = random.Random(SEED * 1000 + key)
        self.rows: dict[sa.Table, Rows] = defaultdict(list)
        self.staff: list[UUID] = []
        self.everyone: list[UUID] = []

    async def write(self, connection: Any) -> None:
        """Insert the rows, parents before children."""
        tables = (
            members,
            member_records,
            posts,
            comments,
            reactions,
            read_marks,
            post_terms,
            cases,
            reports,
        )
        for table in tables:
            await insert_rows(connection, table, self.rows[table])
        counted = {
            "members": len(self.everyone),
            "posts": sum(row["state"] == _PUBLISHED for row in self.rows[posts]),
            "comments": sum(row["state"] == _PUBLISHED for row in self.rows[comments]),
        }
        update = render(
            sa.update(community_counts)
            .where(community_counts.c.community_id == self.key)
            .values(counted)
        )
        await connection.execute(update.text, *update.arguments({}))

    def invent(self) -> None:
        """Make up the rows without writing them."""
        self._people()
        if self.is_lively:
            self._applicants()
        self._posts()

    def rows_of_members(self) -> Rows:
        """Return the rows of the members, applicants included."""
        return self.rows[members]

    # --- members

    def _people(self) -> None:
        residents = self.chance.randint(300, 600) if self.is_lively else self.chance.randint(8, 15)
        for _ in range(2 if self.is_lively else 1):
            self.staff.append(self._member("RESIDENT", "PARTY_SECRETARY"))
        for _ in range(self.chance.randint(4, 6)):
            self.staff.append(self._member("RESIDENT", "COMMITTEE_MEMBER"))
        for _ in range(residents):
            self._member("RESIDENT")

    def _member(self, *roles: str) -> UUID:
        joined = TODAY - timedelta(days=_DAYS + 30, minutes=-10 * len(self.everyone))
        made = self._id(joined)
        self.rows[members].append(
            {
                "community_id": self.key,
                "id": made,
                "person_id": UUID(int=self.chance.getrandbits(128)),
                "display_name": official_name(self.chance, roles)
                if len(roles) > 1
                else display_name(self.chance),
                "building": f"{self.chance.randint(1, 38)}号楼",
                "roles": list(roles),
                "state": "ACTIVE",
                "permission_version": 1,
                "joined_at": joined,
            }
        )
        self.everyone.append(made)
        return made

    def _applicants(self) -> None:
        """Add a few applicants who wait for the committee; no real person has their data."""
        for waiting in range(3):
            applied = TODAY - timedelta(days=2, hours=waiting)
            made, name = self._id(applied), invented_name(self.chance)
            phone = f"+8619900{self.chance.randint(0, 999_999):06}"  # an unassigned range
            self.rows[members].append(
                {
                    "community_id": self.key,
                    "id": made,
                    "person_id": UUID(int=self.chance.getrandbits(128)),
                    "display_name": display_name(self.chance),
                    "building": f"{self.chance.randint(1, 38)}号楼",
                    "roles": ["RESIDENT"],
                    "state": "UNDER_REVIEW",
                    "permission_version": 0,
                    "joined_at": applied,
                }
            )
            self.rows[member_records].append(
                {
                    "community_id": self.key,
                    "id": made,
                    "kind": self.chance.choice(list(ResidentKind)),
                    "real_name": self._ring.seal(name, context=f"{self.key}/{made}/real_name"),
                    "real_name_masked": mask_name(name),
                    "phone": self._ring.seal(phone, context=f"{self.key}/{made}/phone"),
                    "phone_masked": phones.mask(phone),
                    "phone_index": self._ring.index(phone, purpose="phone"),
                    "identity_check": "WECHAT_PHONE",
                    "identity_checked_at": applied,
                    "applied_at": applied,
                    "submitted_at": applied,
                    "review_due_at": after_working_days(applied, REVIEW_WORKING_DAYS),
                    "version": 1,
                }
            )

    # --- posts and comments

    def _posts(self) -> None:
        number = self.chance.randint(180, 300) if self.is_lively else self.chance.randint(4, 7)
        known = {
            slug: self._deal(listed) for slug, listed in topics().items() if slug in self.boards
        }
        weights = [4 if slug in {"neighbours", "plaza"} else 2 for slug in known]
        moments = sorted(self._moment(TODAY - timedelta(days=_DAYS), TODAY) for _ in range(number))
        for moment in moments:
            slug = self.chance.choices(list(known), weights)[0]
            self._post(slug, next(known[slug]), moment)

    def _deal(self, listed: list[Topic]) -> Iterator[Topic]:
        """Yield each topic once before any is repeated, and never the same one twice in a row."""
        last = None
        while True:
            dealt = self.chance.sample(listed, len(listed))
            if dealt[0] is last and len(dealt) > 1:
                dealt.append(dealt.pop(0))
            yield from dealt
            last = dealt[-1]

    def _is_pinned(self, slug: str, official: bool) -> bool:
        is_pinned = official and self.chance.random() < 0.04
        here = self.boards[slug]
        before = sum(1 for post in self.rows[posts] if post["pinned"] and post["board_id"] == here)
        return is_pinned and before < MOST_PINNED

    def _post(self, slug: str, topic: Topic, at: datetime) -> None:
        filled = slots(self.chance)
        official = slug in {"notices", "party", "affairs"}
        state = self._state(official)
        title, body = topic.title.format(**filled), topic.body.format(**filled)
        post: dict[str, Any] = {
            "community_id": self.key,
            "id": self._id(at),
            "board_id": self.boards[slug],
            "author_id": self.chance.choice(self.staff if official else self.everyone),
            "title": title,
            "body": body,
            "pinned": self._is_pinned(slug, official),
            "state": state,
            "created_at": at,
            "edited_at": None,
            "comment_count": 0,
            "reaction_count": 0,
            "version": 1,
        }
        self.rows[posts].append(post)
        self.rows[post_terms] += [
            {"community_id": self.key, "term": term, "post_id": post["id"]}
            for term in terms_of(f"{title}\n{body}")
        ]
        if state == _PUBLISHED:
            self._comments(post, topic, filled)
            post["reaction_count"] = self._react(post["id"], "post_id", at)
            if slug == "notices":
                self._marks(post)
            if self.is_lively and self.chance.random() < 0.02:
                self._reported(post)
        else:
            self._case(post)

    def _state(self, official: bool) -> str:
        if not self.is_lively or official:
            return _PUBLISHED
        return self.chance.choices((_PUBLISHED, _HELD, _HIDDEN), (94, 3, 3))[0]

    def _comments(self, post: dict[str, Any], topic: Topic, filled: dict[str, str]) -> None:
        number = self.chance.randint(2, 10) if self.is_lively else self.chance.randint(0, 3)
        words = [self.chance.choice(topic.comments) for _ in range(number)]
        at = post["created_at"]
        first_level: Rows = []
        for text in dict.fromkeys(words):
            at = self._moment(at, min(at + timedelta(hours=20), TODAY))
            first_level.append(self._comment(post, None, text.format(**filled), at))
        replies = self.chance.randint(0, 4 if self.is_lively else 1) if first_level else 0
        for _ in range(replies):
            at = self._moment(at, min(at + timedelta(hours=20), TODAY))
            parent = self.chance.choice(first_level)
            self._comment(post, parent, self.chance.choice(_REPLIES), at)
            parent["reply_count"] += 1
        post["comment_count"] = len(first_level) + replies

    def _comment(
        self, post: dict[str, Any], parent: dict[str, Any] | None, body: str, at: datetime
    ) -> dict[str, Any]:
        made = self._id(at)
        comment = {
            "community_id": self.key,
            "id": made,
            "post_id": post["id"],
            "parent_id": parent["id"] if parent else None,
            "author_id": self.chance.choice(self.everyone),
            "body": body,
            "state": _PUBLISHED,
            "post_state": post["state"],
            "created_at": at,
            "edited_at": None,
            "reply_count": 0,
            "reaction_count": self._react(made, "comment_id", at) if self.is_lively else 0,
            "version": 1,
        }
        self.rows[comments].append(comment)
        return comment

    def _react(self, subject: UUID, column: str, at: datetime) -> int:
        most = 6 if self.is_lively else 2
        people = self.chance.sample(self.everyone, self.chance.randint(0, most))
        for person in people:
            self.rows[reactions].append(
                {
                    "community_id": self.key,
                    "subject_id": subject,
                    "post_id": None,
                    "comment_id": None,
                    column: subject,
                    "member_id": person,
                    "kind": self.chance.choice(list(ReactionKind)),
                    "created_at": at,
                }
            )
        return len(people)

    def _marks(self, post: dict[str, Any]) -> None:
        readers = self.chance.sample(self.everyone, len(self.everyone) // 3)
        self.rows[read_marks] += [
            {
                "community_id": self.key,
                "post_id": post["id"],
                "member_id": reader,
                "read_at": post["created_at"] + timedelta(hours=3),
            }
            for reader in readers
        ]

    # --- moderation

    def _case(self, post: dict[str, Any], **values: Any) -> UUID:
        """Add an open case for a held post, or a decided case for a hidden post."""
        made = self._id(post["created_at"] + timedelta(hours=1))
        hidden = post["state"] == _HIDDEN
        appealed = hidden and self.chance.random() < 0.4
        decided = {
            "state": "APPEALED" if appealed else "HIDDEN",
            "decided_by": self.chance.choice(self.staff),
            "decided_at": post["created_at"] + timedelta(hours=2),
            "reason_code": "OFF_TOPIC",
            "reason": "内容与本版块无关，请发到互动广场。",
            "appeal": "只是提醒邻居，没有别的意思，请再看一看。" if appealed else None,
            "appealed_at": post["created_at"] + timedelta(hours=9) if appealed else None,
        }
        self.rows[cases].append(
            {
                "community_id": self.key,
                "id": made,
                "subject_id": post["id"],
                "post_id": post["id"],
                "comment_id": None,
                "author_id": post["author_id"],
                "state": "OPEN",
                "was_held": post["state"] == _HELD,
                "report_count": 0,
                "opened_at": post["created_at"] + timedelta(hours=1),
                "decided_by": None,
                "decided_at": None,
                "reason_code": None,
                "reason": None,
                "appeal": None,
                "appealed_at": None,
                **(decided if hidden else {}),
                **values,
            }
        )
        return made

    def _reported(self, post: dict[str, Any]) -> None:
        others = [person for person in self.everyone if person != post["author_id"]]
        reporters = self.chance.sample(others, self.chance.randint(1, 3))
        case = self._case(post, report_count=len(reporters))
        self.rows[reports] += [
            {
                "community_id": self.key,
                "case_id": case,
                "reporter_id": reporter,
                "reason_code": "SPAM",
                "note": None,
                "created_at": post["created_at"] + timedelta(hours=2),
            }
            for reporter in reporters
        ]

    # --- times and ids

    def _moment(self, start: datetime, end: datetime) -> datetime:
        seconds = max(int((end - start).total_seconds()), 2)
        return start + timedelta(
            seconds=self.chance.randrange(1, seconds), microseconds=len(self.rows)
        )

    def _id(self, at: datetime) -> UUID:
        return new_id(at, self.chance.getrandbits)


_REPLIES = (
    "是的。",
    "同意楼上。",
    "谢谢回复！",
    "我也想知道。",
    "已经反映给居委了。",
    "辛苦了。",
    "有道理。",
    "明白了，谢谢。",
)

_inserts: dict[sa.Table, Statement] = {}


async def insert_rows(connection: Any, table: sa.Table, rows: Rows) -> None:
    """Insert rows that all have the same columns, in one pipelined batch."""
    if not rows:
        return
    names = list(rows[0])
    if table not in _inserts:
        values = {name: sa.bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
        _inserts[table] = render(sa.insert(table).values(values))
    statement = _inserts[table]
    batch = [statement.arguments({f"v_{n}": v for n, v in row.items()}) for row in rows]
    await connection.executemany(statement.text, batch)
