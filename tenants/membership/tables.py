"""Members of a community, the data kept about them, and the officers of a district or street."""

from collections.abc import Iterable

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    TEXTS,
    TIME,
    UUID,
    belongs,
    length,
    member,
    officer,
    one_of,
    tenant_column,
    text,
)
from tenants.places.tables import communities, departments
from tenants.words import Words, word

ROLES = (
    "RESIDENT", "COMMITTEE_MEMBER", "PARTY_SECRETARY", "SUPERVISOR", "SEAT", "REPRESENTATIVE",
)  # fmt: skip
DISPLAY_NAME_LENGTH = 30
BUILDING_LENGTH = 20
ROOM_LENGTH = 20
REAL_NAME_LENGTH = 40
NOTE_LENGTH = 500
# The length of an envelope of the longest text that is encrypted (tenants.keyring).
_SEALED_LENGTH = 400


class MemberState(Words):
    """只有 ACTIVE 的成员可发言、提诉求、表决。Only ACTIVE members may post, petition and vote."""

    APPLIED = word("已申请，待实名", "They applied, and the real name is not checked yet")
    IDENTITY_OK = word("已实名，待提交", "The real name is checked, and nothing is submitted yet")
    UNDER_REVIEW = word("待居委审核", "It is submitted and waits for the committee")
    RETURNED = word("已退回，可改后重报", "The committee returned it, and they may apply again")
    ACTIVE = word("正式成员", "They are a member")
    SUSPENDED = word("暂停资格，只能浏览和申诉", "They are suspended and may read and appeal")
    MOVED_OUT = word("已迁出", "They left the community")
    ANONYMISED = word("已注销，个人信息已删除", "They were erased, and the personal data is gone")


class ResidentKind(Words):
    """它说明居民与住所的关系。It says how a resident belongs to the household."""

    REGISTERED = word("户籍在此", "They are registered there")
    RENTER = word("租户", "They rent it")
    ABSENT_OWNER = word("业主，不在此居住", "They own it and live elsewhere")


class IdentityCheck(Words):
    """它说明实名由谁核实。It says who verified the real name."""

    WECHAT_PHONE = word("微信绑定的手机号", "The phone number that WeChat holds was compared")
    IN_PERSON = word("居委当面核实", "The committee checked it in person")


class Purpose(Words):
    """个人信息用于这个用途。Personal data is used for this purpose."""

    IDENTITY = word("核实居民身份", "It is used to check who a resident is")
    SERVICE_MESSAGES = word("发送服务通知", "It is used to send service messages")


class OfficerRole(Words):
    """它是社区之上的职务。It is an office above the communities."""

    DISTRICT_ADMIN = word(
        "区或街镇的管理员", "They are an admin of a district or of one of its streets"
    )
    DEPARTMENT_HANDLER = word("职能部门的经办人", "They are a handler of a department")


class OfficerState(Words):
    """只有在任的人可以办事。Only an officer who serves may act."""

    ACTIVE = word("在任", "They serve")
    SUSPENDED = word("停职", "They are suspended")
    DISMISSED = word("已免职", "They were dismissed")
    LAPSED = word("任期届满", "The term ran out")
    ANONYMISED = word("已去职并注销", "They left the office and had their data erased")


def _roles_known(roles: Iterable[str]) -> sa.CheckConstraint:
    words = ", ".join(f"'{role}'" for role in roles)
    return sa.CheckConstraint(
        f"cardinality(roles) > 0 and roles <@ array[{words}]", name="roles_known"
    )


members = sa.Table(
    "member",
    METADATA,
    tenant_column(),
    member("id"),
    sa.Column("person_id", UUID, nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH),
    text("building", BUILDING_LENGTH, nullable=True),
    sa.Column("roles", TEXTS, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    # Raised by every change of roles or state: an access token with an older one is refused.
    sa.Column("permission_version", sa.Integer(), nullable=False),
    sa.Column("joined_at", TIME, nullable=False),
    # when they moved out: some time later their data is erased
    sa.Column("left_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "person_id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    one_of("state", MemberState),
    length("display_name", DISPLAY_NAME_LENGTH),
    _roles_known(ROLES),
    sa.CheckConstraint("(state = 'MOVED_OUT') = (left_at is not null)", name="left_when"),
    # no member of the committee supervises it (城市法36、村法37), and here its secretary does not either
    sa.CheckConstraint(
        "not (roles @> array['SUPERVISOR'] and roles && array['COMMITTEE_MEMBER', 'PARTY_SECRETARY'])",
        name="supervises_from_outside",
    ),
    # applications, oldest first
    sa.Index("member_by_state", "community_id", "state", "id"),
    schema="tenant",
)

# The permission version of a guest who signed out of a community before they applied, so that their
# earlier access tokens end. A guest without a row has version 0; a member's own row takes
# precedence.
guests = sa.Table(
    "guest",
    METADATA,
    tenant_column(),
    member("id"),
    sa.Column("permission_version", sa.Integer(), nullable=False),
    sa.Column("changed_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    schema="tenant",
)

households = sa.Table(
    "household",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    # as it was entered first, for display
    text("building", BUILDING_LENGTH),
    text("room", ROOM_LENGTH),
    # equal for one household, and equal for households that may be one (tenants.addresses)
    sa.Column("address", sa.Text(), nullable=False),
    sa.Column("near", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.Index("household_by_address", "community_id", "address", unique=True),
    sa.Index("household_by_near", "community_id", "near", "id"),
    length("building", BUILDING_LENGTH),
    length("room", ROOM_LENGTH),
    schema="tenant",
)

# Data about a member that neighbours do not see; `id` is the member's. Real name, phone and id
# number are encrypted envelopes; the masked values may be shown.
member_records = sa.Table(
    "member_record",
    METADATA,
    tenant_column(),
    member("id"),
    sa.Column("household_id", UUID),
    sa.Column("kind", sa.Text(), nullable=False),
    text("real_name", _SEALED_LENGTH, nullable=True),
    text("real_name_masked", REAL_NAME_LENGTH, nullable=True),
    text("phone", _SEALED_LENGTH, nullable=True),
    text("phone_masked", 20, nullable=True),
    sa.Column("phone_index", sa.LargeBinary()),
    text("id_number", _SEALED_LENGTH, nullable=True),
    text("id_number_masked", 18, nullable=True),
    sa.Column("id_number_index", sa.LargeBinary()),
    sa.Column("identity_check", sa.Text()),
    sa.Column("identity_checked_at", TIME),
    member("identity_checked_by", nullable=True),
    sa.Column("applied_at", TIME, nullable=False),
    sa.Column("submitted_at", TIME),
    sa.Column("review_due_at", TIME),
    sa.Column("reviewed_at", TIME),
    member("reviewed_by", nullable=True),
    text("return_reason", NOTE_LENGTH, nullable=True),
    text("suspended_reason", NOTE_LENGTH, nullable=True),
    sa.Column("suspended_until", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    # of the current suspension: the secretary who decided it, and the appeal against it
    sa.Column("suspended_by", UUID),
    sa.Column("suspension_appeal_id", UUID),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("id", members, "record_of_member"),
    sa.ForeignKeyConstraint(
        ["community_id", "suspension_appeal_id"],
        ["tenant.street_appeal.community_id", "tenant.street_appeal.id"],
        name="record_of_appeal",
    ),
    belongs("household_id", households, "record_of_household"),
    one_of("kind", ResidentKind),
    one_of("identity_check", IdentityCheck),
    # the queue of applications, and members with the same phone or id number
    sa.Index("member_record_by_review", "community_id", "review_due_at", "id"),
    sa.Index("member_record_by_phone", "community_id", "phone_index"),
    sa.Index("member_record_by_id_number", "community_id", "id_number_index"),
    schema="tenant",
)

# The text that a member agreed to, when, and when they withdrew. Rows are inserted, and changed
# only by the withdrawal.
consents = sa.Table(
    "consent",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    member("member_id"),
    sa.Column("purpose", sa.Text(), nullable=False),
    sa.Column("text_version", sa.Text(), nullable=False),
    sa.Column("given_at", TIME, nullable=False),
    sa.Column("withdrawn_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    one_of("purpose", Purpose),
    sa.Index("consent_of_member", "community_id", "member_id", "id"),
    schema="tenant",
)

# The code on the notice board; it is public there, so it is stored in clear.
join_codes = sa.Table(
    "join_code",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("code", sa.Text(), nullable=False),
    sa.Column("issued_at", TIME, nullable=False),
    member("issued_by", nullable=True),
    sa.Column("revoked_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "code"),
    schema="tenant",
)

# The admin of a district (street_id 0) or of one of its streets, or the handler of one of their
# departments.
officers = sa.Table(
    "officer",
    METADATA,
    sa.Column("district_id", sa.Integer(), nullable=False),
    officer("id"),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("person_id", UUID, nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH),
    sa.Column("roles", TEXTS, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("permission_version", sa.Integer(), nullable=False),
    sa.Column("department_id", sa.Integer()),
    sa.Column("ends_at", TIME),
    sa.Column("ended_at", TIME),
    # an admin is dismissed when a second admin asks for it too
    officer("dismissal_asked_by", nullable=True),
    sa.Column("dismissal_asked_at", TIME),
    sa.PrimaryKeyConstraint("district_id", "id"),
    sa.ForeignKeyConstraint(
        ["department_id"], [departments.c.department_id], name="officer_of_department"
    ),
    sa.CheckConstraint(
        "cardinality(roles) = 1 and "
        "(roles = array['DEPARTMENT_HANDLER']) = (department_id is not null)",
        name="handler_of_a_department",
    ),
    sa.CheckConstraint(
        "(state in ('DISMISSED', 'LAPSED', 'ANONYMISED')) = (ended_at is not null)",
        name="ended_at_a_time",
    ),
    sa.CheckConstraint(
        "(dismissal_asked_by is null) = (dismissal_asked_at is null)", name="asked_by_someone"
    ),
    one_of("state", OfficerState),
    length("display_name", DISPLAY_NAME_LENGTH),
    _roles_known(OfficerRole),
    schema="district",
)
