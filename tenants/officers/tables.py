"""These tables keep invitations to serve as an officer: a code for one person, used once."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, officer, one_of, text
from tenants.membership.tables import DISPLAY_NAME_LENGTH, OfficerRole
from tenants.places.tables import REASON_LENGTH, departments
from tenants.words import Words, word


class InvitationState(Words):
    """任职邀请先待另一位管理员确认，再待受邀人接受。
    An invitation waits for another admin, and then for the person whom it is for.
    """

    PROPOSED = word("待另一位管理员确认", "It waits for another admin to confirm it")
    OPEN = word("待受邀人接受", "It waits for the person it is for")
    ACCEPTED = word("已接受", "The person accepted and serves")
    DECLINED = word("已否决或撤回", "It was declined or taken back")


# `invited_by` is an officer, or nobody (a command of whoever runs the server). `reason` is null once
# whom it is about was erased.
invitations = sa.Table(
    "invitation",
    METADATA,
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("id", UUID, nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("department_id", sa.Integer()),
    sa.Column("role", sa.Text(), nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH),
    sa.Column("ends_at", TIME),
    text("reason", REASON_LENGTH, nullable=True),
    sa.Column("code_hash", sa.LargeBinary(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    officer("invited_by"),
    sa.Column("invited_at", TIME, nullable=False),
    sa.Column("expires_at", TIME, nullable=False),
    officer("decided_by", nullable=True),
    sa.Column("decided_at", TIME),
    text("decision_reason", REASON_LENGTH, nullable=True),
    officer("officer_id", nullable=True),
    sa.Column("accepted_at", TIME),
    sa.Column("idempotency_key", sa.Text()),
    sa.Column("input_hash", sa.LargeBinary()),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("district_id", "id"),
    sa.UniqueConstraint("district_id", "code_hash"),
    sa.UniqueConstraint("district_id", "invited_by", "idempotency_key"),
    sa.ForeignKeyConstraint(
        ["department_id"], [departments.c.department_id], name="invitation_to_department"
    ),
    one_of("role", OfficerRole),
    one_of("state", InvitationState),
    length("display_name", DISPLAY_NAME_LENGTH),
    sa.CheckConstraint(
        "(role = 'DEPARTMENT_HANDLER') = (department_id is not null)",
        name="handler_of_a_department",
    ),
    sa.CheckConstraint("decided_by <> invited_by or state = 'DECLINED'", name="decided_by_another"),
    sa.CheckConstraint(
        "(state = 'ACCEPTED') = (officer_id is not null) "
        "and (officer_id is null) = (accepted_at is null)",
        name="accepted_by_someone",
    ),
    schema="district",
)
