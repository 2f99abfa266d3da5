"""The schema shows these expressions over boards and posts: unread, read, found."""

import sqlalchemy as sa

from tenants.audit.tables import audit_entries
from tenants.audit.views import acts_on, subject_where
from tenants.boards.policy import says_something
from tenants.boards.tables import boards, cases, comments, post_terms, posts, reactions, read_marks
from tenants.columns import IS_STAFF, NOW, TENANT, VIEWER, among
from tenants.membership.tables import members
from tenants.terms import Finding

# Notices count as unread from the day the viewer joined.
_JOINED_AT = (
    sa.select(members.c.joined_at)
    .where(members.c.community_id == TENANT, members.c.id == VIEWER)
    .scalar_subquery()
)
has_been_read = sa.exists(
    sa.select(sa.literal_column("1")).where(
        read_marks.c.community_id == TENANT,
        read_marks.c.post_id == posts.c.id,
        read_marks.c.member_id == VIEWER,
    )
)
is_unread = (
    (posts.c.state == "PUBLISHED")
    & (posts.c.author_id != VIEWER)
    & (posts.c.created_at >= _JOINED_AT)
    & ~has_been_read
)
is_notice_board = boards.c.kind == "NOTICE"
is_archived = boards.c.archived_at.is_not(None)

finding = Finding(posts.c.title, posts.c.body, posts.c.id, post_terms, "post_id")

# A placeholder for replies shows no text, no author and no images.
comment_body = sa.case((says_something, comments.c.body))
comment_author = sa.case((says_something, comments.c.author_id))
comment_of_images = sa.case((says_something, comments.c.id))

reactions_of_kind = sa.cast(sa.func.count(), sa.Integer())
viewer_reacted = sa.func.bool_or(reactions.c.member_id == VIEWER)

live_case = among(cases.c.state, "OPEN", "HIDDEN", "APPEALED", "UPHELD")
is_appeal_overdue = (
    (cases.c.state == "APPEALED")
    & cases.c.appeal_due_at.is_not(None)
    & (cases.c.appeal_due_at < NOW)
)
report_count_for_staff = sa.case((IS_STAFF, cases.c.report_count))

# What is said of content in the audit is of a comment, or of a post.
_is_comments = sa.exists(
    sa.select(sa.literal_column("1")).where(
        comments.c.community_id == TENANT, comments.c.id == audit_entries.c.subject_id
    )
)
_ON_CONTENT = acts_on("content", "reaction")
audited_comment = subject_where(acts_on("comment") | (_ON_CONTENT & _is_comments))
audited_post = subject_where(acts_on("post") | (_ON_CONTENT & ~_is_comments))
