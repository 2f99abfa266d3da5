"""Verify that an applicant's real name is real; the display name stays free (后台实名、前台自愿)."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from tenants import phones
from tenants.errors import Code, Refused
from tenants.keyring import KeyRing
from tenants.membership.tables import NOTE_LENGTH, IdentityCheck
from tenants.text import written
from tenants.transaction import Row


class RealNameCheck(Protocol):
    """It is one provider's statement about one applicant, to compare with the application.

    Another provider is another class and another value of `IdentityCheck`.
    """

    kept_as: ClassVar[IdentityCheck]

    def examine(self, record: Row, ring: KeyRing) -> str | None:
        """Raise INVALID if the check fails; return the note that the audit keeps, if any."""
        ...


@dataclass(frozen=True)
class PhoneByWeChat:
    """It is the number that WeChat reports for the applicant; it is None if WeChat reports none."""

    kept_as: ClassVar[IdentityCheck] = IdentityCheck.WECHAT_PHONE
    phone: str | None

    def examine(self, record: Row, ring: KeyRing) -> None:
        """Raise INVALID unless it is the number that the applicant gave."""
        phone = phones.e164(self.phone or "")
        if phone is None:
            raise Refused(
                Code.INVALID,
                "微信只核实大陆号码，请到居委当面核实。"
                "WeChat vouches for mainland numbers only: come in person.",
                "code",
            )
        if record["phone_index"] != ring.index(phone, purpose="phone"):
            raise Refused(
                Code.INVALID, "与申请所填号码不符。Not the number you applied with.", "code"
            )


@dataclass(frozen=True)
class InPerson:
    """It says what a member of the committee saw when the applicant proved their identity."""

    kept_as: ClassVar[IdentityCheck] = IdentityCheck.IN_PERSON
    note: str

    def examine(self, record: Row, ring: KeyRing) -> str:  # noqa: ARG002 # a person was checked, not the record
        """Return the note."""
        return written(self.note, NOTE_LENGTH, "note")
