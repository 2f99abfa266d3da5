"""Images: uploaded, attached to a text, and released."""

from alembic import op

from migrations.walls import wall_desks

revision = "0022"
down_revision = "0021"

TABLE = """
CREATE TABLE tenant.image (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    owner_id UUID NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    subject_id UUID,
    post_id UUID,
    comment_id UUID,
    petition_id UUID,
    position INTEGER,
    answered_at TIMESTAMP WITH TIME ZONE,
    district_id INTEGER,
    desks INTEGER[] NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT image_of_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id),
    CONSTRAINT image_of_comment FOREIGN KEY(community_id, comment_id) REFERENCES tenant.comment (community_id, id),
    CONSTRAINT image_of_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT one_subject_at_most CHECK (num_nonnulls(post_id, comment_id, petition_id) <= 1 and subject_id is not distinct from coalesce(post_id, comment_id, petition_id) and (subject_id is null) = (position is null)),
    CONSTRAINT desks_of_petition CHECK ((petition_id is null) = (district_id is null) and (petition_id is not null or (answered_at is null and desks = '{}'))),
    CONSTRAINT of_some_size CHECK (width between 1 and 2048 and height between 1 and 2048 and bytes > 0)
);
CREATE INDEX image_collectable ON tenant.image (community_id, created_at) WHERE subject_id is null or released_at is not null;
CREATE INDEX image_of_owner ON tenant.image (community_id, owner_id, created_at);
CREATE INDEX image_of_subject ON tenant.image (community_id, subject_id, position);
"""


def upgrade() -> None:
    """Create the table and its policies; the desks of its petition may read an image."""
    op.execute(TABLE)
    wall_desks("tenant.image", app="select, insert, update, delete")


def downgrade() -> None:
    """Drop the table; the files remain."""
    op.execute("drop table tenant.image")
