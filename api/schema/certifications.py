"""A count is certified by seats, one person for each."""

from datetime import datetime

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one
from api.engine.extend import extend
from api.schema.members import Member
from api.schema.seats import Seat
from api.schema.votes import Vote
from tenants.membership.tables import members
from tenants.votes.certifications import certifications
from tenants.votes.tables import votes


@object_type
class ResultCertification:
    """一个席位由一人确认计票。One person certified a count in one seat."""

    seat: Seat = column("这个席位确认。This seat certified it.", certifications.c.seat)
    certified_by: Member | None = one(
        "这位成员确认；已迁出则为空。This member certified it; it is null once they are gone.",
        members,
        certifications.c.certified_by,
    )
    certified_at: datetime = column(
        "在这时确认。It was certified then.", certifications.c.certified_at
    )


@extend(Vote)
class OfVote:
    """It adds the seats that certify the count."""

    certifying_seats: list[Seat] | None = column(
        "由这些席位确认计票，每席一人；意见征询为空。\n"
        "These seats certify the count, each by another person; it is null for a poll.",
        votes.c.certifiers,
    )
    certifications: list[ResultCertification] = bound(
        "这里列出已确认的席位；公布前只告知须确认的人。\n"
        "This lists the seats that certified it; before the result is published, only those who "
        "are to certify see them.",
        b.Rows(
            table=certifications,
            on={"vote_id": votes.c.id},
            order=(certifications.c.certified_at, certifications.c.seat),
            most=len(Seat),
        ),
    )
