"""Topics are screened: taken up, returned, or given back to their author as a petition."""

from uuid import UUID

from tenants.petitions.service.writing import submit_for
from tenants.taking import said, take
from tenants.topics.procedure import SCREEN, TO_PETITION
from tenants.topics.tables import topics
from tenants.topics.words import Screening
from tenants.transaction import Tx


async def screen(tx: Tx, *, topic_id: UUID, decision: Screening, reason: str) -> UUID:
    """Decide whether a topic is taken up; its author reads the reason."""
    topic = await tx.find(topics, topic_id, "topicId", permit=SCREEN)
    to = "ON_AGENDA" if decision is Screening.ADOPT else "RETURNED"
    await take(tx, SCREEN, topic, to=to, words=said(SCREEN, reason))
    return topic["id"]


async def convert_to_petition(tx: Tx, *, topic_id: UUID, category_id: UUID, reason: str) -> UUID:
    """Make the matter of one household a private petition of its author, at the committee's desk."""
    topic = await tx.find(topics, topic_id, "topicId", permit=TO_PETITION)
    words = said(TO_PETITION, reason)
    petition = await submit_for(
        tx, author_id=topic["author_id"], category_id=category_id, title=topic["title"],
        body=topic["body"],
    )  # fmt: skip
    await take(tx, TO_PETITION, topic, words=words, became_petition_id=petition)
    return topic["id"]
