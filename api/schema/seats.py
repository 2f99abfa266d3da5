"""Rules name the seats that certify a count, and results the seats that did."""

from api.engine.declare import published
from tenants.votes.rules import Seat

published(Seat, "CertifyingSeat")

__all__ = ("Seat",)
