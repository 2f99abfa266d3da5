"""Consents say what a member agreed to; consent texts are what members agree to now."""

from datetime import datetime

from api.engine.declare import bound, column, filled, given, object_type, published
from api.engine.extend import extend
from api.engine.lists import rows_of
from api.schema.member_records import MemberRecord
from api.schema.query import Query
from tenants.membership.service.consents import texts
from tenants.membership.tables import Purpose, consents, member_records

published(Purpose, "ConsentPurpose")


@object_type
class Consent:
    """成员为一个用途同意了一份文本。A member agreed to one text for one purpose."""

    purpose: Purpose = column(
        "成员同意了这个用途。The member agreed to this purpose.", consents.c.purpose
    )
    text_version: str = column(
        "成员同意了文本的这个版本。The member agreed to this version of the text.",
        consents.c.text_version,
    )
    given_at: datetime = column("成员在这时同意。The member agreed then.", consents.c.given_at)
    withdrawn_at: datetime | None = column(
        "成员在这时撤回；未撤回则为空。"
        "The member withdrew at this time; it is null while the consent holds.",
        consents.c.withdrawn_at,
    )


@extend(MemberRecord)
class OfMemberRecord:
    """It adds the consents of one member."""

    consents: list[Consent] = bound(
        "这里依次列出您的同意记录；他人看不到。"
        "This lists your consents, oldest first; nobody else sees them.",
        rows_of(consents, {"member_id": member_records.c.id}, most=50),
    )


@object_type
class ConsentText:
    """这是一个用途现行的同意书文本。This is the text that members agree to now for one purpose."""

    purpose: Purpose = filled("文本说明这个用途。The text is about this purpose.")
    version: str = filled("同意时带回。Hand it back when you agree.")
    text: str = filled(
        "这是同意书的文本，中文在前。This is the text, Chinese first and then English."
    )


@extend(Query)
class OfQuery:
    """It adds the texts that members are asked to agree to."""

    consent_texts: list[ConsentText] | None = given(
        "这里列出现行的同意书文本。This lists the texts that members agree to now.",
        lambda _: [
            {"purpose": each.purpose, "version": each.version, "text": each.text}
            for each in texts().values()
        ],
    )
