"""Consents: what a member agreed to, and the texts that are agreed to now."""

from datetime import datetime

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, given, object_type, published
from api.engine.extend import extend
from api.schema.member_records import MemberRecord
from api.schema.query import Query
from tenants.membership.service.consents import texts
from tenants.membership.tables import Purpose, consents, member_records

published(Purpose, "ConsentPurpose")


@object_type
class Consent:
    """成员为一个用途同意了一份文本。A member agreed to one text for one purpose."""

    purpose: Purpose = column("用途。Purpose.", consents.c.purpose)
    text_version: str = column("文本版本。Version of the text.", consents.c.text_version)
    given_at: datetime = column("同意时间。When given.", consents.c.given_at)
    withdrawn_at: datetime | None = column("撤回时间。When taken back.", consents.c.withdrawn_at)


@extend(MemberRecord)
class OfMemberRecord:
    """What one member agreed to."""

    consents: list[Consent] = bound(
        "您的同意记录，先后为序；他人看不到。Your consents, oldest first; nobody else sees them.",
        b.Rows(
            table=consents,
            on={"member_id": member_records.c.id},
            order=(consents.c.id,),
            most=50,
        ),
    )


@object_type
class ConsentText:
    """这是一个用途现行的同意书文本。This is the text that members agree to now for one purpose."""

    purpose: Purpose = strawberry.field(description="用途。Purpose.")
    version: str = strawberry.field(description="版本，同意时带回。Version: hand it back.")
    text: str = strawberry.field(description="文本，中文在前。The text, Chinese then English.")


@extend(Query)
class OfQuery:
    """What one is asked to agree to."""

    consent_texts: list[ConsentText] | None = given(
        "同意书现行文本。The texts that are agreed to now.",
        lambda _: [
            {"purpose": each.purpose, "version": each.version, "text": each.text}
            for each in texts().values()
        ],
    )
