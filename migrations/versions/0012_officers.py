"""Departments of a district; officers invited for a term, and their dismissal."""

from alembic import op

from migrations.walls import wall_above

revision = "0012"
down_revision = "0011"

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
    handlers INTEGER NOT NULL,
    PRIMARY KEY (department_id),
    CONSTRAINT department_of_district FOREIGN KEY(district_id) REFERENCES reference.district (district_id),
    CONSTRAINT state_known CHECK (state in ('ACTIVE', 'CLOSED')),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 60),
    CONSTRAINT duties_length CHECK (char_length(duties) between 1 and 500),
    CONSTRAINT numbered_in_its_district CHECK (department_id / 1000 = district_id),
    CONSTRAINT closed_without_handlers CHECK (handlers >= 0 and (state = 'ACTIVE' or handlers = 0)),
    CONSTRAINT street_of_the_district CHECK (street_id = 0 or street_id / 1000 = district_id),
    UNIQUE (id)
);
CREATE INDEX department_of_a_district ON reference.department (district_id, department_id);
CREATE UNIQUE INDEX department_one_of_a_name ON reference.department (district_id, street_id, name) WHERE state = 'ACTIVE';

CREATE TABLE district.invitation (
    district_id INTEGER NOT NULL,
    id UUID NOT NULL,
    street_id INTEGER NOT NULL,
    department_id INTEGER,
    role TEXT NOT NULL,
    display_name TEXT NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    reason TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    state TEXT NOT NULL,
    invited_by UUID NOT NULL,
    invited_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    decision_reason TEXT,
    officer_id UUID,
    accepted_at TIMESTAMP WITH TIME ZONE,
    idempotency_key TEXT,
    input_hash BYTEA,
    version INTEGER NOT NULL,
    PRIMARY KEY (district_id, id),
    UNIQUE (district_id, code_hash),
    UNIQUE (district_id, invited_by, idempotency_key),
    CONSTRAINT invitation_to_department FOREIGN KEY(department_id) REFERENCES reference.department (department_id),
    CONSTRAINT role_known CHECK (role in ('DISTRICT_ADMIN', 'DEPARTMENT_HANDLER')),
    CONSTRAINT state_known CHECK (state in ('PROPOSED', 'OPEN', 'ACCEPTED', 'DECLINED')),
    CONSTRAINT display_name_length CHECK (char_length(display_name) between 1 and 30),
    CONSTRAINT handler_of_a_department CHECK ((role = 'DEPARTMENT_HANDLER') = (department_id is not null)),
    CONSTRAINT decided_by_another CHECK (decided_by <> invited_by or state = 'DECLINED'),
    CONSTRAINT accepted_by_someone CHECK ((state = 'ACCEPTED') = (officer_id is not null) and (officer_id is null) = (accepted_at is null))
);

CREATE TABLE district.audit_entry (
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID NOT NULL,
    client_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_id UUID NOT NULL,
    reason TEXT,
    PRIMARY KEY (district_id, id),
    CONSTRAINT actor_kind_known CHECK (actor_kind in ('MEMBER', 'OFFICER', 'SYSTEM', 'APP', 'INSPECTOR'))
);
"""
OFFICER = """
ALTER TABLE district.officer
    ADD COLUMN department_id INTEGER,
    ADD COLUMN ends_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN dismissal_asked_by UUID,
    ADD COLUMN dismissal_asked_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE district.officer
    DROP CONSTRAINT state_known,
    ADD CONSTRAINT state_known CHECK (state in ('ACTIVE', 'SUSPENDED', 'DISMISSED', 'LAPSED')),
    ADD CONSTRAINT officer_of_department FOREIGN KEY(department_id) REFERENCES reference.department (department_id),
    ADD CONSTRAINT handler_of_a_department CHECK (cardinality(roles) = 1 and (roles = array['DEPARTMENT_HANDLER']) = (department_id is not null)),
    ADD CONSTRAINT ended_at_a_time CHECK ((state in ('DISMISSED', 'LAPSED')) = (ended_at is not null)),
    ADD CONSTRAINT asked_by_someone CHECK ((dismissal_asked_by is null) = (dismissal_asked_at is null))
"""
AFFILIATION = "ALTER TABLE identity.affiliation DROP CONSTRAINT place_known, ADD CONSTRAINT place_known CHECK (place in ({}))"
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
    """Create the tables; a district transaction may be limited to one department."""
    op.execute(TABLES)
    # A department's name and duties are public, as a street's name is: no policy limits reading
    # them.
    op.execute("grant select on reference.department to linli_app, linli_district")
    op.execute(
        "grant insert, update (name, duties, state, version, handlers) "
        "on reference.department to linli_district"
    )
    op.execute(OFFICER)
    op.execute(
        "grant update (state, ended_at, dismissal_asked_by, dismissal_asked_at) "
        "on district.officer to linli_district"
    )
    op.execute(AFFILIATION.format("'COMMUNITY', 'DISTRICT', 'DEPARTMENT'"))
    wall_above("district.invitation", grants="select, insert, update")
    # append-only for all logins of the server
    wall_above("district.audit_entry", grants="select, insert")
    _enter("(int, int)", ENTER, "(int, int, int)")


def downgrade() -> None:
    """Drop the tables, and restore the former district.enter."""
    _enter("(int, int, int)", ENTER_BEFORE, "(int, int)")
    op.execute(AFFILIATION.format("'COMMUNITY', 'DISTRICT'"))
    op.execute("drop table district.audit_entry, district.invitation")
    op.execute("""
ALTER TABLE district.officer
    DROP CONSTRAINT asked_by_someone,
    DROP CONSTRAINT ended_at_a_time,
    DROP CONSTRAINT handler_of_a_department,
    DROP CONSTRAINT officer_of_department,
    DROP CONSTRAINT state_known,
    ADD CONSTRAINT state_known CHECK (state in ('ACTIVE', 'SUSPENDED')),
    DROP COLUMN dismissal_asked_at,
    DROP COLUMN dismissal_asked_by,
    DROP COLUMN ended_at,
    DROP COLUMN ends_at,
    DROP COLUMN department_id""")
    op.execute("drop table reference.department")


def _enter(old: str, function: str, new: str) -> None:
    # the previous version of the server cannot use this schema
    op.execute(f"-- squawk-ignore ban-drop-function\ndrop function district.enter{old}")
    op.execute(function)
    op.execute(f"revoke all on function district.enter{new} from public")
    op.execute(f"grant execute on function district.enter{new} to linli_district")
