"""Boards bring posts, comments, and the cases of moderation about them."""

from tenants.boards import cases, notices, policy
from tenants.boards import tables as t
from tenants.boards.service.boards import BOARDS
from tenants.boards.service.forgetting import FORGET
from tenants.boards.service.posts import PINNED
from tenants.domain import Domain, Export

DOMAIN = Domain(
    name="boards",
    tables=(
        t.boards,
        t.posts,
        t.comments,
        t.reactions,
        t.read_marks,
        notices.notices,
        t.post_terms,
        t.cases,
        t.reports,
    ),
    policies=(policy, cases, notices),
    procedures=(cases.CASES,),
    quotas=(BOARDS, PINNED),
    erases=FORGET,
    keeps={
        t.posts: "what was said stays, unsigned",
        t.comments: "what was said stays, unsigned",
        t.reactions: "what was counted stays",
        t.read_marks: "what was counted stays",
    },
    export=Export(
        why={
            t.posts: "written by them",
            t.comments: "written by them",
            t.reactions: "their reactions",
            t.read_marks: "what they read",
            t.cases: "what was decided about their words",
            t.reports: "reported by them",
        },
        withheld={
            t.cases.c.report_count: "that and how often neighbours reported is not told to the author",
            t.cases.c.was_held: "how a case began tells that somebody reported",
        },
        named=frozenset({t.cases.c.decided_by}),
        # a case that the author is not told about is not exported to them either
        when_visible=frozenset({t.cases}),
        in_office={t.cases: "state decided_by decided_at reason_code reason"},
    ),
)
