"""Historic petitions are imported from another system, unchanged."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.engine.declare import filled, input_type
from api.engine.inputs import field, limited, ref, text
from api.engine.payloads import told_ids
from api.engine.verbs import verb
from tenants.catalogue.tables import petition_categories
from tenants.petitions import policy
from tenants.petitions.service import importing
from tenants.petitions.tables import (
    ANSWER_LENGTH,
    BODY_LENGTH,
    SOURCE_ID_LENGTH,
    SOURCE_LENGTH,
    TITLE_LENGTH,
    petitions,
)
from tenants.petitions.words import Secrecy
from tenants.transaction import Tx


@input_type
class HistoricPetitionInput:
    """填写一件历史诉求；文字逐字保留。Give one historic petition; its texts are kept to the letter."""

    source_id: str = filled(limited("来源中的编号", "its id there", SOURCE_ID_LENGTH))
    author: str | None = strawberry.field(
        default=None,
        description=limited(
            "来源中的署名", "how it is signed there", SOURCE_LENGTH, is_optional=True
        ),
    )
    submitted_at: datetime = filled("填写提交时间。Give the time at which it was sent.")
    title: str = filled(limited("标题", "the title", TITLE_LENGTH))
    body: str = filled(limited("正文", "the body", BODY_LENGTH))
    answered_at: datetime | None = strawberry.field(
        default=None, description="填写答复时间。Give the time at which it was answered."
    )
    answer: str | None = strawberry.field(
        default=None, description=limited("答复", "the answer", ANSWER_LENGTH, is_optional=True)
    )


@verb(
    policy.IMPORT,
    {
        "imported_ids": told_ids(
            petitions,
            "这里列出新导入的诉求的标识。This lists the ids of the petitions that are new.",
        ),
        "known_ids": told_ids(
            petitions,
            "这里列出早已导入、未作改动的诉求的标识。\n"
            "This lists the ids of petitions that were here already and stay as they are.",
        ),
    },
)
class ImportPetitions:
    """导入历史诉求，文字和时间不变；同一来源的编号只导入一次，再送来的不论内容都算已有，不改原件。
    Import historic petitions, texts and times unchanged; each id of a source once: sent again it is
    known, and what is here stays as it is, whatever the text now.
    """

    source: str = text("来源", "where they come from", SOURCE_LENGTH)
    category_id: UUID = ref(
        petition_categories, "填写归入的分类的标识。Give the id of the category that they go to."
    )
    secrecy: Secrecy = field("选择谁能看。Choose who may read them.", default=Secrecy.MEMBERS)
    petitions: list[HistoricPetitionInput] = field(
        f"填写诉求，1–{importing.MOST_AT_ONCE} 件。Give 1 to {importing.MOST_AT_ONCE} petitions."
    )

    async def run(self, tx: Tx) -> tuple[list[UUID], list[UUID]]:
        """Import them; return the ids of the new ones and of those that were here."""
        historic = [importing.Letter(**vars(each)) for each in self.petitions]
        return await importing.bring_in(
            tx,
            source=self.source,
            category_id=self.category_id,
            secrecy=self.secrecy,
            letters=historic,
        )
