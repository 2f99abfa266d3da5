"""Boards, posts, comments, reactions, read marks, search terms."""

from alembic import op

from migrations.walls import wall

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE tenant.board (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    post_policy TEXT NOT NULL,
    moderation TEXT NOT NULL,
    archived_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, slug),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT kind_known CHECK (kind in ('NOTICE', 'PARTY', 'HALL', 'FORUM', 'AFFAIRS', 'CULTURE')),
    CONSTRAINT post_policy_known CHECK (post_policy in ('EVERYONE', 'COMMITTEE', 'SECRETARY')),
    CONSTRAINT moderation_known CHECK (moderation in ('POST', 'PRE')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 30),
    CONSTRAINT slug_form CHECK (slug ~ '^[a-z][a-z0-9-]{0,39}$')
);

CREATE TABLE tenant.post (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    board_id UUID NOT NULL,
    author_id UUID NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    pinned BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    edited_at TIMESTAMP WITH TIME ZONE,
    comment_count INTEGER NOT NULL,
    reaction_count INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT post_board FOREIGN KEY(community_id, board_id) REFERENCES tenant.board (community_id, id),
    CONSTRAINT post_author FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT state_known CHECK (state in ('PUBLISHED', 'HELD', 'HIDDEN', 'DELETED')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 80),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 2500),
    CONSTRAINT never_negative CHECK (comment_count >= 0 and reaction_count >= 0)
)
 WITH (fillfactor = 80);
CREATE INDEX post_by_board ON tenant.post (community_id, board_id, pinned, id);

CREATE TABLE tenant.comment (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    post_id UUID NOT NULL,
    parent_id UUID,
    author_id UUID NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    post_state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    edited_at TIMESTAMP WITH TIME ZONE,
    reply_count INTEGER NOT NULL,
    reaction_count INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT comment_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id),
    CONSTRAINT comment_parent FOREIGN KEY(community_id, parent_id) REFERENCES tenant.comment (community_id, id),
    CONSTRAINT comment_author FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT state_known CHECK (state in ('PUBLISHED', 'HELD', 'HIDDEN', 'DELETED')),
    CONSTRAINT post_state_known CHECK (post_state in ('PUBLISHED', 'HELD', 'HIDDEN', 'DELETED')),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 1000),
    CONSTRAINT never_negative CHECK (reply_count >= 0 and reaction_count >= 0)
)
 WITH (fillfactor = 80);
CREATE INDEX comment_by_parent ON tenant.comment (community_id, parent_id, id);
CREATE INDEX comment_by_post ON tenant.comment (community_id, post_id, id) WHERE parent_id is null;
CREATE INDEX comment_of_post ON tenant.comment (community_id, post_id);

CREATE TABLE tenant.reaction (
    community_id INTEGER NOT NULL,
    subject_id UUID NOT NULL,
    post_id UUID,
    comment_id UUID,
    member_id UUID NOT NULL,
    kind TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, subject_id, kind, member_id),
    CONSTRAINT one_subject CHECK (num_nonnulls(post_id, comment_id) = 1 and subject_id = coalesce(post_id, comment_id)),
    CONSTRAINT reaction_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id),
    CONSTRAINT reaction_comment FOREIGN KEY(community_id, comment_id) REFERENCES tenant.comment (community_id, id),
    CONSTRAINT reaction_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('LIKE', 'THANKS', 'SUPPORT', 'CARE'))
);

CREATE TABLE tenant.read_mark (
    community_id INTEGER NOT NULL,
    post_id UUID NOT NULL,
    member_id UUID NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, post_id, member_id),
    CONSTRAINT read_mark_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id),
    CONSTRAINT read_mark_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id)
);

CREATE TABLE tenant.post_term (
    community_id INTEGER NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    post_id UUID NOT NULL,
    PRIMARY KEY (community_id, term, post_id),
    CONSTRAINT post_term_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id)
);
CREATE INDEX post_term_by_post ON tenant.post_term (community_id, post_id);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    wall("tenant.board", app="select, insert, update")
    wall("tenant.post", app="select, insert, update")
    wall("tenant.comment", app="select, insert, update")
    wall("tenant.reaction", app="select, insert, delete")
    wall("tenant.read_mark", app="select, insert")
    wall("tenant.post_term", app="select, insert, delete")


def downgrade() -> None:
    """Drop the tables."""
    op.execute(
        "drop table tenant.post_term, tenant.read_mark, tenant.reaction, tenant.comment, tenant.post, tenant.board"
    )
