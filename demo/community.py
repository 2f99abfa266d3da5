"""Make up one community's posts, comments and moderation, by its members."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from demo.actors import member
from demo.history import History
from demo.neighbours import Neighbours
from demo.texts import SEED, Topic, slots, topics
from tenants.boards.cases import APPEAL, HIDE, OPENED
from tenants.boards.tables import (
    MOST_PINNED,
    comments,
    post_terms,
    posts,
    reactions,
    read_marks,
    reports,
)
from tenants.boards.words import ContentState, ReactionKind, ReasonCode
from tenants.keyring import KeyRing
from tenants.places.tables import community_counts
from tenants.procedure import Row
from tenants.scopes import Role
from tenants.statements import render
from tenants.terms import terms_of

TODAY = datetime(2026, 11, 1, tzinfo=UTC)
_DAYS = 540
_PUBLISHED, _HELD, _HIDDEN = ContentState.PUBLISHED, ContentState.HELD, ContentState.HIDDEN
_REPLIES = (
    "是的。", "同意楼上。", "谢谢回复！", "我也想知道。", "已经反映给居委了。", "辛苦了。", "有道理。",
    "明白了，谢谢。",
)  # fmt: skip


class CommunityTalk:
    """It makes up all that the people of one community say, from its number alone."""

    def __init__(
        self, key: int, boards: dict[str, UUID], *, is_lively: bool, ring: KeyRing
    ) -> None:
        self.key = key
        self._ring = ring
        self.boards = boards
        self.is_lively = is_lively
        self.chance = random.Random(SEED * 1000 + key)
        self.history = History(key, self.chance.getrandbits)
        self.people = Neighbours(self.history, self.chance, is_lively=is_lively)

    async def write(self, connection: Any) -> None:
        """Insert the rows and count them."""
        await self.history.write(connection)
        shown = {
            table: sum(row["state"] == _PUBLISHED for row in self.history.rows[table])
            for table in (posts, comments)
        }
        counted = {
            "members": len(self.people.everyone), "posts": shown[posts], "comments": shown[comments],
        }  # fmt: skip
        update = render(
            sa.update(community_counts)
            .where(community_counts.c.community_id == self.key)
            .values(counted)
        )
        await connection.execute(update.text, *update.arguments({}))

    def invent(self) -> None:
        """Make up the rows without writing them."""
        self.people.join(TODAY - timedelta(days=_DAYS + 30))
        if self.is_lively:
            self.people.apply(self._ring, TODAY)
        self._posts()

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
        here, written = self.boards[slug], self.history.rows[posts]
        before = sum(1 for post in written if post["pinned"] and post["board_id"] == here)
        return is_pinned and before < MOST_PINNED

    def _post(self, slug: str, topic: Topic, at: datetime) -> None:
        filled = slots(self.chance)
        official = slug in {"notices", "party", "affairs"}
        state = self._state(official)
        title, body = topic.title.format(**filled), topic.body.format(**filled)
        pinned = self._is_pinned(slug, official)
        post = self.history.add(
            posts, id=self.history.id(at), board_id=self.boards[slug],
            author_id=self.chance.choice(self.people.staff if official else self.people.everyone),
            title=title, body=body, pinned=pinned, state=state.value, created_at=at, edited_at=None,
            comment_count=0, reaction_count=0, version=1,
        )  # fmt: skip
        for term in terms_of(f"{title}\n{body}"):
            self.history.add(post_terms, term=term, post_id=post["id"])
        if state is not _PUBLISHED:
            self._moderate(post, is_held=state is _HELD)
            return
        self._comments(post, topic, filled)
        post["reaction_count"] = self._react(post["id"], "post_id", at)
        if slug == "notices":
            self._marks(post)
        if self.is_lively and self.chance.random() < 0.02:
            self._report(post)

    def _state(self, official: bool) -> ContentState:
        if not self.is_lively or official:
            return _PUBLISHED
        return self.chance.choices((_PUBLISHED, _HELD, _HIDDEN), (94, 3, 3))[0]

    def _comments(self, post: Row, topic: Topic, filled: dict[str, str]) -> None:
        number = self.chance.randint(2, 10) if self.is_lively else self.chance.randint(0, 3)
        words = [self.chance.choice(topic.comments) for _ in range(number)]
        at = post["created_at"]
        first_level: list[Row] = []
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

    def _comment(self, post: Row, parent: Row | None, body: str, at: datetime) -> Row:
        made = self.history.id(at)
        return self.history.add(
            comments, id=made, post_id=post["id"], parent_id=parent["id"] if parent else None,
            author_id=self.chance.choice(self.people.everyone), body=body, state=_PUBLISHED.value,
            post_state=post["state"], created_at=at, edited_at=None, reply_count=0,
            reaction_count=self._react(made, "comment_id", at) if self.is_lively else 0, version=1,
        )  # fmt: skip

    def _react(self, subject: UUID, column: str, at: datetime) -> int:
        most = 6 if self.is_lively else 2
        people = self.chance.sample(self.people.everyone, self.chance.randint(0, most))
        for person in people:
            of: dict[str, UUID | None] = {"post_id": None, "comment_id": None, column: subject}
            self.history.add(
                reactions, subject_id=subject, **of, member_id=person,
                kind=self.chance.choice(list(ReactionKind)), created_at=at,
            )  # fmt: skip
        return len(people)

    def _marks(self, post: Row) -> None:
        everyone, at = self.people.everyone, post["created_at"] + timedelta(hours=3)
        for reader in self.chance.sample(everyone, len(everyone) // 3):
            self.history.add(read_marks, post_id=post["id"], member_id=reader, read_at=at)

    # --- moderation

    def _open(self, post: Row, *, is_held: bool, reported: int = 0) -> Row:
        at, author = post["created_at"] + timedelta(hours=1), member(self.key, post["author_id"])
        return self.history.begin(
            OPENED, at, author, subject_id=post["id"], post_id=post["id"],
            author_id=post["author_id"], was_held=is_held, report_count=reported,
        )  # fmt: skip

    def _moderate(self, post: Row, *, is_held: bool) -> None:
        """Open a case; unless the post is held, hide it, and let some authors appeal."""
        case = self._open(post, is_held=is_held)
        if is_held:
            return
        at, staff = post["created_at"], self.chance.choice(self.people.staff)
        self.history.take(
            HIDE[posts], case, at + timedelta(hours=2),
            member(self.key, staff, Role.COMMITTEE_MEMBER), reason_code=ReasonCode.OFF_TOPIC.value,
            words="内容与本版块无关，请发到互动广场。",
        )  # fmt: skip
        if self.chance.random() < 0.4:
            said = "只是提醒邻居，没有别的意思，请再看一看。"
            author = member(self.key, post["author_id"])
            self.history.take(APPEAL[posts], case, at + timedelta(hours=9), author, words=said)

    def _report(self, post: Row) -> None:
        others = [person for person in self.people.everyone if person != post["author_id"]]
        reporters = self.chance.sample(others, self.chance.randint(1, 3))
        case = self._open(post, is_held=False, reported=len(reporters))
        for reporter in reporters:
            self.history.add(
                reports, case_id=case["id"], reporter_id=reporter, note=None,
                reason_code=ReasonCode.SPAM.value, created_at=post["created_at"] + timedelta(hours=2),
            )  # fmt: skip

    def _moment(self, start: datetime, end: datetime) -> datetime:
        seconds = max(int((end - start).total_seconds()), 2)
        return start + timedelta(seconds=self.chance.randrange(1, seconds))
