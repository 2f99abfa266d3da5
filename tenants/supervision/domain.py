"""Supervision brings orders to desks that are late."""

from tenants.domain import Domain, Export
from tenants.supervision import policy
from tenants.supervision.tables import supervision_orders, supervision_steps

DOMAIN = Domain(
    name="supervision",
    tables=(supervision_orders, supervision_steps),
    policies=(policy,),
    procedures=(policy.ORDERS,),
    narrows=(policy.NARROWS,),
    keeps={
        supervision_orders: "who issued an order, by id",
        supervision_steps: "who took a step, by id",
    },
    export=Export(
        why={supervision_steps: "what they did in supervision"},
        when_visible=frozenset({supervision_steps}),
    ),
)
