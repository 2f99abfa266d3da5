"""An objection is sustained, an order is acknowledged: one word for one thing (docs/vocabulary.md)."""

from alembic import op

revision = "0058"
down_revision = "0057"

_ORDER = ("ISSUED", "ACKNOWLEDGED", "REPORTED", "ACCEPTED", "RETURNED")
_OBJECTION = ("OPEN", "SUSTAINED", "DISMISSED")


def upgrade() -> None:
    """Rename the states."""
    for table in ("supervision_order", "supervision_step"):
        _rename(table, "ACKED", "ACKNOWLEDGED", _ORDER)
    _rename("vote_objection", "UPHELD", "SUSTAINED", _OBJECTION)


def downgrade() -> None:
    """Rename them back."""
    _rename("vote_objection", "SUSTAINED", "UPHELD", _OBJECTION)
    for table in ("supervision_order", "supervision_step"):
        _rename(table, "ACKNOWLEDGED", "ACKED", _ORDER)


def _rename(table: str, old: str, new: str, words: tuple[str, ...]) -> None:
    """Write one state as another; `words` are the states with the word that upgrade gives."""
    listed = ", ".join(f"'{new if word in (old, new) else word}'" for word in words)
    op.execute(f"ALTER TABLE tenant.{table} DROP CONSTRAINT state_known")
    # row security is forced on the owner too, who would see no row to change
    op.execute(f"ALTER TABLE tenant.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"UPDATE tenant.{table} SET state = '{new}' WHERE state = '{old}'")
    op.execute(f"ALTER TABLE tenant.{table} FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE tenant.{table} ADD CONSTRAINT state_known CHECK (state in ({listed}))")
