"""Each kind of pact is made in its own way."""

from typing import Any

import strawberry

from api.engine.declare import given, object_type, published
from api.engine.extend import extend
from api.schema.query import Query
from tenants.pacts.kinds import Process, processes
from tenants.pacts.words import PactKind, PactStage

published(PactKind)
published(PactStage)


@object_type
class PactProcess:
    """它说明一类公约怎样制定：经过哪些阶段、由谁决定、依据什么。
    It says how a kind of pact is made: through which stages, who decides, and by which source.
    """

    kind: PactKind = strawberry.field(description="这是公约的种类。This is the kind of pact.")
    community_kind: str | None = strawberry.field(
        description=(
            "在这种社区制定；不限则为空。It is made in this kind of community; it is null for any."
        )
    )
    stages: list[PactStage] = strawberry.field(
        description="依次经过这些阶段。It goes through these stages in order."
    )
    source: str = strawberry.field(description="这是依据的法条。This is the article it follows.")
    matter: str | None = strawberry.field(
        description=(
            "会议以这种事项表决，见 `decisionMatters`；不表决则为空。\n"
            "A meeting decides it as a matter of this kind, as in `decisionMatters`; it is null if none does."
        )
    )
    review_source: str | None = strawberry.field(
        description="事前审核依据这个文件。The review follows this document."
    )
    review_days: int | None = strawberry.field(
        description=(
            "街镇须在这些天内答复；沉默不算通过。\n"
            "The street answers within these days; its silence approves nothing."
        )
    )
    filing_source: str | None = strawberry.field(
        description="备案依据这一条。The filing follows this article."
    )
    filing_days: int | None = strawberry.field(
        description="通过后须在这些天内备案。It is filed within these days of its adoption."
    )
    least_signatures: int | None = strawberry.field(
        description="不表决的，至少这么多户签署。Without a vote, so many households sign it at least."
    )
    house_rules: list[str] = strawberry.field(
        description="法律未定、由本系统所定的各项列在这里。This names what no law gives and this project chose."
    )


def _shown(each: Process) -> dict[str, Any]:
    return {
        "kind": each.pact.name, "communityKind": each.community,
        "stages": [stage.name for stage in each.stages], "source": each.source,
        "matter": each.matter, "reviewSource": each.review_source,
        "reviewDays": each.review_days or None, "filingSource": each.filing_source,
        "filingDays": each.filing_days or None, "leastSignatures": each.least_signatures or None,
        "houseRules": list(each.house_rules),
    }  # fmt: skip


@extend(Query)
class OfQuery:
    """The ways of making pacts are the same everywhere."""

    pact_processes: list[PactProcess] | None = given(
        "这里列出各类公约的制定程序。This lists how each kind of pact is made.",
        lambda _: [_shown(each) for each in processes()],
    )
