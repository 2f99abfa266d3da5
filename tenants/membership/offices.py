"""Members hold offices of a community for a term, and a secretary is appointed."""

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    TIME,
    UUID,
    belongs,
    member,
    officer,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.tables import DISPLAY_NAME_LENGTH, members
from tenants.places.tables import REASON_LENGTH
from tenants.words import Words, word


class Office(Words):
    """成员在任期内担任这项职务。A member holds this office for a term."""

    COMMITTEE_MEMBER = word("居委委员", "They are a member of the committee")
    SUPERVISOR = word("监督委员", "They are a supervisor of the committee")
    SEAT = word("专业席位", "They hold a professional's seat")
    PARTY_SECRETARY = word("党组织书记", "They are the secretary of the Party branch")
    REPRESENTATIVE = word("居民代表或村民代表", "They represent residents or villagers")


class GrantableRole(Words):
    """书记可以授予这些职务；书记由上级任命。
    The secretary may give these offices; the secretary is appointed from above.
    """

    COMMITTEE_MEMBER = word(
        "居委委员，不得兼任监督委员",
        "It makes a member of the committee, who may not be a supervisor too",
    )
    SUPERVISOR = word(
        "监督委员，不得兼任居委委员",
        "It makes a supervisor, who may not be a member of the committee too",
    )
    SEAT = word("一个版块的专业席位", "It gives a professional's seat on one board")
    REPRESENTATIVE = word(
        "居民小组推选的居民代表，或村民代表",
        "It makes a representative, chosen by a group of residents or villagers",
    )


class Seat(Words):
    """专业席位按专业设立，一人一席。A seat is for one profession and is held by one person."""

    POLICE = word("民警", "It is for a police officer")
    DOCTOR = word("医生", "It is for a doctor")
    LAWYER = word("律师", "It is for a lawyer")
    PROPERTY = word("物业", "It is for a property manager")
    OWNERS_COMMITTEE = word("业委会", "It is for the owners' committee")


class AppointmentAction(Words):
    """管理员提议任命或免去书记。An admin proposes to appoint or to remove a secretary."""

    APPOINT = word("任命为书记", "Appoint the member secretary")
    REMOVE = word("免去书记", "Remove the member from the office")


class AppointmentState(Words):
    """任免提议待另一位管理员确认或否决。A proposal waits until another admin confirms or declines it."""

    PROPOSED = word("待另一位管理员确认", "It waits for another admin")
    CONFIRMED = word("已确认，已生效", "Another admin confirmed it, and it took effect")
    DECLINED = word("已否决或撤回", "It was declined or taken back")


# One term of one office. Reasons are null once their subject was erased. `granted_by` and
# `ended_by` are a member or an officer; `ended_by` is null for a term that expired.
office_terms = sa.Table(
    "office_term",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    member("member_id"),
    sa.Column("role", sa.Text(), nullable=False),
    sa.Column("seat", sa.Text()),
    sa.Column("board_id", UUID),
    sa.Column("starts_at", TIME, nullable=False),
    sa.Column("ends_at", TIME, nullable=False),
    text("reason", REASON_LENGTH, nullable=True),
    member("granted_by"),
    sa.Column("ended_at", TIME),
    member("ended_by", nullable=True),
    text("end_reason", REASON_LENGTH, nullable=True),
    # of a supervisor: declared that no near relative is of the committee; null of an older term
    sa.Column("declares_no_relatives", sa.Boolean()),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("member_id", members, "term_of_member"),
    one_of("role", Office),
    one_of("seat", Seat),
    sa.CheckConstraint(
        "declares_no_relatives is null or (role = 'SUPERVISOR' and declares_no_relatives)",
        name="declared_by_a_supervisor",
    ),
    sa.CheckConstraint(
        "(role = 'SEAT') = (seat is not null) and (seat is null) = (board_id is null)",
        name="seat_on_a_board",
    ),
    sa.Index("office_term_of_member", "community_id", "member_id", "id"),
    sa.Index(
        "office_term_one_live",
        "community_id",
        "member_id",
        "role",
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    ),
    schema="tenant",
)

# A proposal of one officer and the decision of another, with the member's name at that time.
appointments = sa.Table(
    "appointment",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    member("member_id"),
    text("display_name", DISPLAY_NAME_LENGTH),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("ends_at", TIME),
    text("reason", REASON_LENGTH, nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    officer("proposed_by"),
    sa.Column("proposed_at", TIME, nullable=False),
    officer("decided_by", nullable=True),
    sa.Column("decided_at", TIME),
    text("decision_reason", REASON_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("member_id", members, "appointment_of_member"),
    one_of("action", AppointmentAction),
    one_of("state", AppointmentState),
    sa.CheckConstraint("(action = 'APPOINT') = (ends_at is not null)", name="appointed_for_a_term"),
    sa.CheckConstraint(
        "(state = 'PROPOSED') = (decided_by is null) and (decided_by is null) = (decided_at is null)",
        name="decided_by_someone",
    ),
    # an admin's list, newest first; and one open proposal at a time for a member
    sa.Index("appointment_by_district", "district_id", "id"),
    sa.Index(
        "appointment_one_open",
        "community_id",
        "member_id",
        unique=True,
        postgresql_where=sa.text("state = 'PROPOSED'"),
    ),
    schema="tenant",
)
