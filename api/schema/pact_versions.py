"""A published text of a pact has clauses, and changes since an earlier one."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    bound,
    column,
    node_over,
    object_type,
    page,
    public_id,
    published,
)
from api.schema.common import Connection, Node
from tenants.pacts.versions import draft_clauses, pact_changes, pact_clauses, pact_versions
from tenants.pacts.words import ChangeKind

node_over(pact_versions, "pvr", "PactVersion")
b.set_prefix(pact_clauses, "pcl")

published(ChangeKind, "PactDifferenceKind")


@object_type
class PactClause:
    """这是一个版本中的一条；它的标识在各版本中不变。
    This is a clause in a version; its id is the same in all versions.
    """

    clause_id: strawberry.ID | None = bound(
        "这是该条的标识，在各版本中相同。This is the clause's id, which is the same in all versions.",
        b.IdOf({pact_clauses: pact_clauses.c.clause_id}),
    )
    number: int = column(
        "它是文本的第几条，从 1 起。It says which clause of the text this is, from 1.",
        pact_clauses.c.place,
    )
    heading: str | None = column(
        "这是条文的标题；没有则为空。This is its heading; it is null if it has none.",
        pact_clauses.c.heading,
    )
    body: str = column("这是条文的内容。This is what it says.", pact_clauses.c.body)


@object_type
class PactDraftClause:
    """这是草案中的一条；公布之前限居委和书记。
    This is a clause of the draft; before it is published only the staff see it.
    """

    clause_id: strawberry.ID | None = bound(
        "这是该条的标识，在各版本中相同。This is the clause's id, which is the same in all versions.",
        b.IdOf({pact_clauses: draft_clauses.c.clause_id}),
    )
    number: int = column(
        "它是文本的第几条，从 1 起。It says which clause of the text this is, from 1.",
        draft_clauses.c.place,
    )
    heading: str | None = column(
        "这是条文的标题；没有则为空。This is its heading; it is null if it has none.",
        draft_clauses.c.heading,
    )
    body: str = column("这是条文的内容。This is what it says.", draft_clauses.c.body)


_MARKS = (
    "各段的第一个字符表示：`=` 保留，`-` 删去，`+` 加入。\n"
    "The first character of each run says: `=` it is kept, `-` it is taken out, `+` it is put in."
)


@object_type
class PactDifference:
    """这是一条条文在两个版本之间的变化。This is what became of a clause between two versions."""

    kind: ChangeKind = column("它说明怎样变化。It says what became of it.", pact_changes.c.kind)
    clause_id: strawberry.ID | None = bound(
        "这是该条的标识。This is the clause's id.",
        b.IdOf({pact_clauses: pact_changes.c.clause_id}),
    )
    from_number: int | None = column(
        "它在较早版本中是第几条；新增的为空。It was this clause of the earlier one; it is null if it is new.",
        pact_changes.c.from_place,
    )
    to_number: int | None = column(
        "它在较后版本中是第几条；删去的为空。It is this clause of the later one; it is null if it was dropped.",
        pact_changes.c.to_place,
    )
    is_moved: bool = column(
        "它相对其他条文移动了。It moved relative to the others.", pact_changes.c.is_moved
    )
    heading: list[str] = column(f"这是标题的变化。{_MARKS}", pact_changes.c.heading)
    body: list[str] = column(f"这是内容的变化。{_MARKS}", pact_changes.c.body)


def _since(
    since_id: Annotated[
        strawberry.ID,
        strawberry.argument(
            description="填写较早的版本。Give the earlier version.", name="sinceId"
        ),
    ],
    first: First = 20,
    after: After = None,
) -> Any: ...


@object_type
class PactVersion(Node):
    """这是公约公布的一个版本，公布之后不再更改；街镇只看得到报送给它的。
    This is a published text of a pact, which nothing changes; a street sees those that were handed to it.
    """

    id: strawberry.ID = public_id()
    number: int = column(
        "它是第几个公布的版本。It says which of the published versions this is.",
        pact_versions.c.number,
    )
    title: str = column("这是公约的名称。This is the pact's title.", pact_versions.c.title)
    text_hash: str = column(
        (
            '这是文本的 SHA-256，对 `["名称",[["标题","内容"],…]]` 的 UTF-8 JSON（无空格，无标题处为空串）计算；'
            "表决、备案、施行的是同一文本，即同一哈希。\n"
            'This is the SHA-256 of the UTF-8 JSON `["title",[["heading","body"],…]]`, without blanks and '
            "with an empty text where there is no heading; what is voted on, filed and in force has one hash."
        ),
        pact_versions.c.text_hash,
    )
    published_at: datetime = column(
        "它在这时公布。It was published then.", pact_versions.c.published_at
    )
    clauses: Connection[PactClause] = page(
        "这里按次序列出条文。This lists its clauses in order.",
        b.Page(
            table=pact_clauses,
            on={"version_id": pact_versions.c.id},
            order=(pact_clauses.c.place,),
            index="pact_clause_pkey",
            descending=False,
        ),
    )
    differences: Connection[PactDifference] | None = page(
        (
            "这里列出自同一公约较早的一个版本以来的变化，先按现在的次序列出，再列删去的；街镇看不到。\n"
            "This lists what changed since an earlier version of the same pact, in the order of now, and then "
            "what was dropped; it is null for a street."
        ),
        b.Page(
            table=pact_changes,
            on={"to_id": pact_versions.c.id, "from_id": b.id_argument("sinceId", pact_versions)},
            order=(pact_changes.c.place,),
            index="pact_change_pkey",
            descending=False,
        ),
        resolver=_since,
    )
