"""These tables keep the tree of places (district › street or town › community) and communities' counts."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, one_of, tenant_column, text
from tenants.words import Words, word

NAME_LENGTH, REASON_LENGTH, DUTIES_LENGTH = 60, 500, 500


class CommunityKind(Words):
    """社区或为居民区，或为行政村。
    A community is the area of a residents' committee or of a villagers' committee.
    """

    RESIDENTIAL = word(
        "居民区，由居委会服务", "It is a residential area with a residents' committee"
    )
    VILLAGE = word("行政村，由村委会服务", "It is a village with a villagers' committee")


class CommunityState(Words):
    """社区停用后只能浏览。A community that is suspended may only be read."""

    ACTIVE = word("在用", "It is at work")
    SUSPENDED = word("已停用，只能浏览", "It is suspended and may only be read")


class DepartmentState(Words):
    """部门撤销后不再收新的诉求。A closed department gets no new petitions."""

    ACTIVE = word("在设", "It takes petitions")
    CLOSED = word("已撤销，不再接收诉求", "It is closed and takes no new petition")


# Public reference data, the same for every tenant: official codes and names.
districts = sa.Table(
    "district",
    METADATA,
    sa.Column("district_id", sa.Integer(), primary_key=True),
    sa.Column("id", UUID, nullable=False, unique=True),
    sa.Column("code", sa.Text(), nullable=False, unique=True),
    sa.Column("name", sa.Text(), nullable=False),
    schema="reference",
)

streets = sa.Table(
    "street",
    METADATA,
    sa.Column("street_id", sa.Integer(), primary_key=True),
    sa.Column("district_id", sa.ForeignKey(districts.c.district_id), nullable=False),
    sa.Column("id", UUID, nullable=False, unique=True),
    sa.Column("code", sa.Text(), nullable=False, unique=True),
    sa.Column("name", sa.Text(), nullable=False),
    schema="reference",
)

# A department (职能部门) of a district (street_id 0) or of one of its streets. Its number is the
# district's code and three digits of our own; never reused, never changed.
departments = sa.Table(
    "department",
    METADATA,
    sa.Column("department_id", sa.Integer(), autoincrement=False, primary_key=True),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("id", UUID, nullable=False, unique=True),
    text("name", NAME_LENGTH),
    text("duties", DUTIES_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    # how many handlers it has: it cannot be closed while there are any
    sa.Column("handlers", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(
        ["district_id"], [districts.c.district_id], name="department_of_district"
    ),
    one_of("state", DepartmentState),
    length("name", NAME_LENGTH),
    length("duties", DUTIES_LENGTH),
    sa.CheckConstraint("department_id / 1000 = district_id", name="numbered_in_its_district"),
    sa.CheckConstraint(
        "handlers >= 0 and (state = 'ACTIVE' or handlers = 0)", name="closed_without_handlers"
    ),
    sa.CheckConstraint(
        "street_id = 0 or street_id / 1000 = district_id", name="street_of_the_district"
    ),
    sa.Index("department_of_a_district", "district_id", "department_id"),
    sa.Index(
        "department_one_of_a_name",
        "district_id",
        "street_id",
        "name",
        unique=True,
        postgresql_where=sa.text("state = 'ACTIVE'"),
    ),
    schema="reference",
)

# The community key of each 12-digit code. Never reused, never changed.
community_keys = sa.Table(
    "community_key",
    METADATA,
    sa.Column("community_id", sa.Integer(), sa.Identity(always=True), primary_key=True),
    sa.Column("code", sa.Text(), nullable=False, unique=True),
    schema="reference",
)

communities = sa.Table(
    "community",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("code", sa.Text(), nullable=False),
    text("name", NAME_LENGTH),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    text("suspended_reason", REASON_LENGTH, nullable=True),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id"),
    sa.UniqueConstraint("community_id", "id"),
    one_of("kind", CommunityKind),
    one_of("state", CommunityState),
    length("name", NAME_LENGTH),
    sa.CheckConstraint(
        "(state = 'SUSPENDED') = (suspended_reason is not null)", name="suspension_has_a_reason"
    ),
    # the district's directory, in the order of codes
    sa.Index("community_by_code", "district_id", "code", "community_id"),
    schema="tenant",
)

# What a district may know of a community's activity: counts, never content.
community_counts = sa.Table(
    "community_count",
    METADATA,
    tenant_column(),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("members", sa.Integer(), nullable=False),
    sa.Column("posts", sa.Integer(), nullable=False),
    sa.Column("comments", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    sa.CheckConstraint("members >= 0 and posts >= 0 and comments >= 0", name="never_negative"),
    schema="tenant",
    postgresql_with={"fillfactor": 50},
)
