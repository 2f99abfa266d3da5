"""Membership brings members, their offices, and the officers above them."""

from tenants.domain import Domain, Export
from tenants.membership import appeals, appointments, officers, policy, procedure
from tenants.membership import tables as t
from tenants.membership.offices import appointments as appointment_rows
from tenants.membership.offices import office_terms
from tenants.membership.service import appointing, leaving, mooting, terms
from tenants.membership.service.retention import Retention
from tenants.membership.street_appeals import street_appeals

DOMAIN = Domain(
    name="membership",
    tables=(
        t.members,
        t.guests,
        t.households,
        t.member_records,
        t.consents,
        t.join_codes,
        t.officers,
        office_terms,
        appointment_rows,
        street_appeals,
    ),
    policies=(policy, procedure, appointments, officers),
    procedures=(procedure.MEMBERSHIPS, appointments.APPOINTMENTS, appeals.STREET_APPEALS),
    standings=policy.STANDINGS,
    sweeps=(Retention.of,),
    erases=(mooting.FORGET, terms.FORGET, appointing.FORGET, *leaving.FORGET),
    keeps={
        t.guests: "an id; the row is deleted two days after its last change",
        t.consents: "the proof of what was agreed to, and until when",
        t.join_codes: "who issued a code, by id",
    },
    export=Export(
        why={
            t.members: "who they are here",
            t.guests: "that they signed out as a guest",
            t.member_records: "what they told the committee, and what it decided",
            t.consents: "agreed to by them",
            t.join_codes: "issued by them",
            office_terms: "their offices",
            appointment_rows: "proposed about them",
            street_appeals: "their appeals",
        },
        in_office={
            office_terms: "role seat starts_at ends_at reason granted_by ended_at ended_by end_reason",
            appointment_rows: "action ends_at reason state proposed_by proposed_at "
            "decided_by decided_at decision_reason",
            street_appeals: "kind state decided_by decided_at decision_reason",
        },
    ),
)
