"""One community's members are its staff, its residents, and a few applicants."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from demo.actors import member
from demo.history import History, Rows
from demo.texts import display_name, invented_name, official_name
from tenants import phones
from tenants.keyring import KeyRing
from tenants.masks import mask_name
from tenants.membership.procedure import APPLIED, APPROVE, SUBMIT, VERIFY_PHONE
from tenants.membership.service.joining import REVIEW_WORKING_DAYS
from tenants.membership.tables import ResidentKind, member_records, members
from tenants.procedure import Row
from tenants.scopes import Role
from tenants.workdays import after_working_days


class Neighbours:
    """They are the members of a community, who joined before anything was written there."""

    def __init__(self, history: History, chance: random.Random, *, is_lively: bool) -> None:
        self._history = history
        self._founding = History(history.community_id, chance.getrandbits, is_recorded=False)
        self._chance = chance
        self._is_lively = is_lively
        self.staff: list[UUID] = []
        # of the committee no part
        self.supervisor: UUID
        self.everyone: list[UUID] = []

    @property
    def active(self) -> Rows:
        """Return the rows of the members, without applicants."""
        return self._history.rows[members][: len(self.everyone)]

    def join(self, began: datetime) -> None:
        """Let everybody join, one after the other from this time."""
        chance, is_lively = self._chance, self._is_lively
        residents = chance.randint(300, 600) if is_lively else chance.randint(8, 15)
        offices = [Role.PARTY_SECRETARY] * (2 if is_lively else 1)
        offices += [Role.COMMITTEE_MEMBER] * chance.randint(4, 6)
        held = [*offices, Role.SUPERVISOR]
        for number in range(len(offices) + residents):
            joined = began + number * timedelta(minutes=10)
            self._member(joined, *held[number : number + 1])
        self.staff = self.everyone[: len(offices)]
        self.supervisor = self.everyone[len(offices)]
        self._history.join(self._founding)

    def _member(self, at: datetime, *offices: Role) -> None:
        row = self._applied(self._founding, at, *offices)
        them = member(self._history.community_id, row["id"])
        first = self.everyone[0] if self.everyone else row["id"]
        self._founding.take(VERIFY_PHONE, row, at, them)
        self._founding.take(SUBMIT, row, at, them)
        self._founding.take(APPROVE, row, at, member(self._history.community_id, first))
        self.everyone.append(row["id"])

    def _applied(self, history: History, at: datetime, *offices: Role) -> Row:
        chance, made = self._chance, history.id(at)
        roles = [Role.RESIDENT.value, *offices]
        name = official_name(chance, roles) if offices else display_name(chance)
        return history.begin(
            APPLIED, at, member(history.community_id, made), id=made,
            person_id=UUID(int=chance.getrandbits(128)), display_name=name,
            building=f"{chance.randint(1, 38)}号楼", roles=roles, permission_version=0, joined_at=at,
        )  # fmt: skip

    def apply(self, ring: KeyRing, now: datetime) -> None:
        """Let a few apply who wait for the committee; no real person has their data."""
        history, chance = self._history, self._chance
        for waiting in range(3):
            at = now - timedelta(days=2, hours=waiting)
            row = self._applied(history, at)
            made, name = row["id"], invented_name(chance)
            phone = f"+8619900{chance.randint(0, 999_999):06}"  # an unassigned range
            place = f"{history.community_id}/{made}"
            history.add(
                member_records, id=made, kind=chance.choice(list(ResidentKind)),
                real_name=ring.seal(name, context=f"{place}/real_name"),
                real_name_masked=mask_name(name),
                phone=ring.seal(phone, context=f"{place}/phone"), phone_masked=phones.mask(phone),
                phone_index=ring.index(phone, purpose="phone"), identity_check="WECHAT_PHONE",
                identity_checked_at=at, applied_at=at, submitted_at=at,
                review_due_at=after_working_days(at, REVIEW_WORKING_DAYS), version=1,
            )  # fmt: skip
            them = member(history.community_id, made)
            history.take(VERIFY_PHONE, row, at, them)
            history.take(SUBMIT, row, at, them)
