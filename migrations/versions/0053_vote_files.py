"""The published file of a secret vote is kept as it was made; its ballots lie in it, not beside it.

Nothing was released before: the lists of votes that were counted until now are not kept.
"""

from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Replace the lists of ballots with the file."""
    _kinds("URN", "FILE")


def downgrade() -> None:
    """Take the files away."""
    _kinds("URN", "BALLOTS", "INVALID")


def _kinds(*kinds: str) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("alter table tenant.vote_list drop constraint kind_known")
    op.execute("alter table tenant.vote_list no force row level security")
    op.execute("delete from tenant.vote_list where kind <> 'URN'")
    op.execute("alter table tenant.vote_list force row level security")
    op.execute(f"alter table tenant.vote_list add constraint kind_known check (kind in ({words}))")
