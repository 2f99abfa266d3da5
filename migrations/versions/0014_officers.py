"""Departments of a district, and officers who handle what comes to one."""

from alembic import op

revision = "0014"
down_revision = "0010"

TABLES = """
CREATE TABLE reference.department (
    department_id INTEGER NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    duties TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (department_id),
    CONSTRAINT department_of_district FOREIGN KEY(district_id) REFERENCES reference.district (district_id),
    CONSTRAINT state_known CHECK (state in ('ACTIVE', 'CLOSED')),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 60),
    CONSTRAINT duties_length CHECK (char_length(duties) between 1 and 500),
    CONSTRAINT numbered_in_its_district CHECK (department_id / 1000 = district_id),
    CONSTRAINT street_of_the_district CHECK (street_id = 0 or street_id / 1000 = district_id),
    UNIQUE (id)
);
CREATE INDEX department_of_a_district ON reference.department (district_id, department_id);
CREATE UNIQUE INDEX department_one_of_a_name ON reference.department (district_id, street_id, name) WHERE state = 'ACTIVE';
"""
OFFICER = """
ALTER TABLE district.officer
    ADD COLUMN department_id INTEGER;
ALTER TABLE district.officer
    ADD CONSTRAINT officer_of_department FOREIGN KEY(department_id) REFERENCES reference.department (department_id),
    ADD CONSTRAINT handler_of_a_department CHECK (cardinality(roles) = 1 and (roles = array['DEPARTMENT_HANDLER']) = (department_id is not null))
"""
ENTER = """
create function district.enter(district int, street int, department int) returns void language plpgsql as $$
begin
  execute format('set local app.district_id = %L', district);
  execute format('set local app.street_id = %L', street);
  execute format('set local app.department_id = %L', department);
end $$;
"""
ENTER_BEFORE = """
create function district.enter(district int, street int) returns void language plpgsql as $$
begin
  execute format('set local app.district_id = %L', district);
  execute format('set local app.street_id = %L', street);
end $$;
"""


def upgrade() -> None:
    """Create the tables; a transaction of the district's may be of one department."""
    op.execute(TABLES)
    # a name and duties are public, as a street's name is; nobody's reading is narrowed by a wall
    op.execute("grant select on reference.department to linli_app, linli_district")
    op.execute(
        "grant insert, update (name, duties, state, version) on reference.department to linli_district"
    )
    op.execute(OFFICER)
    _enter("(int, int)", ENTER, "(int, int, int)")


def downgrade() -> None:
    """Drop them, and let a district be entered as before."""
    _enter("(int, int, int)", ENTER_BEFORE, "(int, int)")
    op.execute("""
ALTER TABLE district.officer
    DROP CONSTRAINT handler_of_a_department,
    DROP CONSTRAINT officer_of_department,
    DROP COLUMN department_id""")
    op.execute("drop table reference.department")


def _enter(old: str, function: str, new: str) -> None:
    # a server of the version before does not serve this one's schema
    op.execute(f"-- squawk-ignore ban-drop-function\ndrop function district.enter{old}")
    op.execute(function)
    op.execute(f"revoke all on function district.enter{new} from public")
    op.execute(f"grant execute on function district.enter{new} to linli_district")
