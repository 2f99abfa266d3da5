"""A pact has suggestions, submissions to the street, matters of meetings, signatures and events."""

from datetime import datetime
from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    bound,
    column,
    node_over,
    object_type,
    one,
    public_id,
    published,
)
from api.engine.extend import extend
from api.schema.common import Node
from api.schema.members import Member
from api.schema.pact_versions import PactVersion
from api.schema.permissions import can, permissions
from api.schema.votes import Vote
from tenants.membership.tables import members
from tenants.pacts import procedure, views
from tenants.pacts.events import pact_events
from tenants.pacts.matters import pact_votes
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.submissions import review_items
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.versions import pact_clauses, pact_versions
from tenants.pacts.words import (
    PactAction,
    PactState,
    PactVotePurpose,
    ReviewItem,
    ReviewOutcome,
    SignatureState,
    SigningChannel,
    SubmissionPurpose,
    SuggestionState,
)
from tenants.votes.tables import votes

node_over(pact_suggestions, "psg", "PactSuggestion")
node_over(pact_signatures, "psn", "PactSignature")

published(PactState)
published(PactAction)
published(PactVotePurpose)
published(ReviewItem, "PactReviewItem")
published(ReviewOutcome, "PactReviewOutcome")
published(SubmissionPurpose, "PactSubmissionPurpose")
published(SuggestionState, "PactSuggestionState")
published(SigningChannel, "PactSigningChannel")
published(SignatureState, "PactSignatureState")


@object_type
class PactEvent:
    """公约经过的每一项只增加，不更改。An event of a pact is added and never changed."""

    at: datetime = column("它在这时发生。It happened then.", pact_events.c.at)
    action: PactAction = column("它说明做了什么。It says what was done.", pact_events.c.action)
    state: PactState = column("这是之后的状态。This is the state after it.", pact_events.c.state)
    reason: str | None = column("这是理由。This is why.", pact_events.c.words)
    text_hash: str | None = column(
        "这是当时文本的哈希；还没有文本则为空。This is the hash of the text then; it is null before there is one.",
        pact_events.c.text_hash,
    )


@object_type
class PactSuggestion(Node):
    """居民对公约的一条提建议，针对某个版本的某一条，或针对整体；成员都看得到。
    A resident suggests something about a clause of a version, or about the whole; all members see it.
    """

    id: strawberry.ID = public_id()
    original_version: PactVersion | None = one(
        "提出时针对这个版本；征集民意时为空。It was made on this version; it is null of the time before a text.",
        pact_versions,
        {"id": pact_suggestions.c.made_on_id},
    )
    version: PactVersion | None = one(
        "现在针对这个版本；留到下一稿后随之更换。It stands under this version now, after it was carried over.",
        pact_versions,
        {"id": pact_suggestions.c.version_id},
    )
    clause_id: strawberry.ID | None = bound(
        "这是所针对的条文；针对整体则为空。This is the clause it is about; it is null for the whole.",
        b.IdOf({pact_clauses: pact_suggestions.c.clause_id}),
    )
    author: Member | None = one(
        "这是提出的人；已迁出则为空。This is who made it; it is null once gone.",
        members,
        {"id": pact_suggestions.c.author_id},
    )
    body: str = column("这是建议的内容。This is what it says.", pact_suggestions.c.body)
    state: SuggestionState = column(
        "这是它的进展。This is how far it is.", pact_suggestions.c.state
    )
    created_at: datetime = column("它在这时提出。It was made then.", pact_suggestions.c.made_at)
    decided_at: datetime | None = column(
        "它在这时得到答复。It was answered then.", pact_suggestions.c.decided_at
    )
    decision_reason: str | None = column(
        "这是答复的理由。This is why it was so answered.", pact_suggestions.c.decision_reason
    )
    viewer_can: Any = can(
        permissions("PactSuggestion", procedure.DECIDE_SUGGESTION, procedure.WITHDRAW_SUGGESTION)
    )


@object_type
class PactReviewFinding:
    """这是审核清单的一项。This is an item of the review's checklist."""

    item: ReviewItem = column("这是所看的一项。This is what was looked at.", review_items.c.item)
    is_met: bool = column(
        "它说明文本是否符合这一项。It says whether the text meets this item.", review_items.c.is_met
    )
    note: str | None = column(
        "它说明何处不符合，或作补充。It says where it is not met, or adds something.",
        review_items.c.note,
    )


@object_type
class PactMatter:
    """会议的一项议题决定公约的一个文本，或决定废止。
    A matter of a meeting decides a text of a pact, or its repeal.
    """

    vote: Vote | None = one("这是该项表决。This is the vote.", votes, {"id": pact_votes.c.vote_id})
    version: PactVersion | None = one(
        "这是所表决的文本。This is the text that is voted on.",
        pact_versions,
        {"id": pact_votes.c.version_id},
    )
    text_hash: str = column(
        "这是所表决文本的哈希。This is the hash of the text that is voted on.",
        pact_votes.c.text_hash,
    )
    purpose: PactVotePurpose = column(
        "它说明表决什么。It says what is decided.", pact_votes.c.purpose
    )


@extend(Vote)
class OfVote:
    """A vote may decide a pact."""

    pact_matter: PactMatter | None = one(
        "它决定的公约文本；不决定公约则为空。It decides this text of a pact; it is null if it decides none.",
        pact_votes,
        {"vote_id": votes.c.id},
    )


@object_type
class PactSignature(Node):
    """一户签署公约：自愿，可撤回，不签没有任何后果。本户成员和居委看得到。
    A household signs a pact: it is voluntary and may be withdrawn, and nothing follows for who does not \
sign. The household and the staff see it.
    """

    id: strawberry.ID = public_id()
    building: str | None = bound(
        "这是该户的楼号。This is the household's building.",
        b.Column(views.signing_building),
    )
    room: str | None = bound(
        "这是该户的室号。This is the household's room.", b.Column(views.signing_room)
    )
    version: PactVersion | None = one(
        "这是所签署的文本。This is the text that is agreed to.",
        pact_versions,
        {"id": pact_signatures.c.version_id},
    )
    channel: SigningChannel = column(
        "它说明怎样签署。It says how the household signed.", pact_signatures.c.channel
    )
    state: SignatureState = column(
        "它说明是否有效。It says whether it counts.", pact_signatures.c.state
    )
    created_at: datetime = column(
        "它在这时签署或录入。It was made or entered then.", pact_signatures.c.made_at
    )
    withdrawn_at: datetime | None = column(
        "它在这时撤回。It was withdrawn then.", pact_signatures.c.withdrawn_at
    )
    viewer_can: Any = can(
        permissions("PactSignature", procedure.CONFIRM_SIGNATURE, procedure.WITHDRAW_SIGNATURE)
    )
