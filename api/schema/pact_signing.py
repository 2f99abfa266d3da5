"""Households sign pacts; what comes on paper is entered by one and confirmed by another."""

from uuid import UUID

from api.engine.inputs import Keyed, Retried, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.pact_parts import PactSignature
from tenants.membership.tables import BUILDING_LENGTH, ROOM_LENGTH
from tenants.pacts import procedure
from tenants.pacts.service import signing
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.tables import pacts
from tenants.pacts.words import SigningChannel

_SIGNATURE = {"signature": link(PactSignature, pact_signatures)}


class _OnPact:
    pact_id: UUID = ref(pacts)


class _OnSignature:
    signature_id: UUID = ref(pact_signatures)


@verb(procedure.SIGN, _SIGNATURE, signing.sign)
class SignPact(_OnPact, Retried):
    """代表您家签署公约，一户一次；自愿，可撤回，不签没有任何后果。
    Sign a pact for your household, once; it is voluntary and may be withdrawn, and nothing follows for who \
does not.
    """


@verb(procedure.RECORD_SIGNATURE, _SIGNATURE, signing.record)
class RecordPactSignature(_OnPact, Keyed):
    """录入一户的纸质签署或上门协助的签署；他人复核后才有效。
    Enter a household's signature on paper, or taken down at its door; it counts once another confirms it.
    """

    building: str = text("楼号", "the building", BUILDING_LENGTH)
    room: str = text("室号", "the room", ROOM_LENGTH)
    channel: SigningChannel = field("选择来源。Choose how it came in.", SigningChannel.PAPER)


@verb(procedure.CONFIRM_SIGNATURE, _SIGNATURE)
class ConfirmPactSignature(_OnSignature):
    """核对原件后复核录入的签署；录入人不能复核。
    Confirm a signature that was entered after looking at the paper; never by who entered it.
    """


@verb(procedure.WITHDRAW_SIGNATURE, _SIGNATURE)
class WithdrawPactSignature(_OnSignature):
    """撤回您家的签署；纸质签署也可由居委代为撤回。
    Withdraw your household's signature; of one on paper the staff may do so for it.
    """
