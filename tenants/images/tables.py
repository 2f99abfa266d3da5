"""These tables keep one row for each upload, and the text that it was attached to.

An image begins without a subject and is attached to one once. It is released with its text, with
its owner, or because it was not used in time; then no answer shows it, and its file is deleted soon
after.
"""

import sqlalchemy as sa

from tenants.columns import METADATA, NUMBERS, TIME, UUID, member, tenant_column

MOST_ON_POST, MOST_ON_COMMENT, MOST_ON_PETITION, MOST_ON_MILESTONE = 9, 3, 9, 9
# The longest side at which a picture is shown; a long one (a screenshot of a chat) up to so many
# pixels.
LONGEST_SIDE = 2048
MOST_PIXELS = 16_000_000

images = sa.Table(
    "image",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    # a member, or the officer who answers from above
    member("owner_id"),
    # the size of the stored picture, in pixels and bytes
    sa.Column("width", sa.Integer(), nullable=False),
    sa.Column("height", sa.Integer(), nullable=False),
    sa.Column("bytes", sa.Integer(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("released_at", TIME),
    # the post, comment, petition or milestone that it belongs to, and its place among the images there
    sa.Column("subject_id", UUID),
    sa.Column("post_id", UUID),
    sa.Column("comment_id", UUID),
    sa.Column("petition_id", UUID),
    sa.Column("position", sa.Integer()),
    # of a petition: null for the petition's own images, else the time of the answer they belong to
    sa.Column("answered_at", TIME),
    # of a petition: the desks above the community that may see it, copied from the petition
    sa.Column("district_id", sa.Integer()),
    sa.Column("desks", NUMBERS, nullable=False),
    # a milestone of a project
    sa.Column("milestone_id", UUID),
    sa.PrimaryKeyConstraint("community_id", "id"),
    *(
        sa.ForeignKeyConstraint(
            ["community_id", f"{subject}_id"],
            [f"tenant.{subject}.community_id", f"tenant.{subject}.id"],
            name=f"image_of_{subject}",
        )
        for subject in ("post", "comment", "petition", "milestone")
    ),
    sa.CheckConstraint(
        "num_nonnulls(post_id, comment_id, petition_id, milestone_id) <= 1 and subject_id is not "
        "distinct from coalesce(post_id, comment_id, petition_id, milestone_id) and "
        "(subject_id is null) = (position is null)",
        name="one_subject_at_most",
    ),
    sa.CheckConstraint(
        "(petition_id is null) = (district_id is null) and "
        "(petition_id is not null or (answered_at is null and desks = '{}'))",
        name="desks_of_petition",
    ),
    sa.CheckConstraint(
        f"width > 0 and height > 0 and width::bigint * height <= {MOST_PIXELS} and bytes > 0",
        name="of_some_size",
    ),
    # images of a subject; recent uploads of an owner; images to delete
    sa.Index("image_of_subject", "community_id", "subject_id", "position"),
    sa.Index("image_of_owner", "community_id", "owner_id", "created_at"),
    sa.Index(
        "image_collectable",
        "community_id",
        "created_at",
        postgresql_where=sa.text("subject_id is null or released_at is not null"),
    ),
    schema="tenant",
)
