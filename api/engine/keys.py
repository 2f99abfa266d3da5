"""A mutation whose input has an idempotency key is done once for each key."""

from typing import Any

import orjson

from api.engine.bindings import Verb
from tenants import audit
from tenants.transaction import Tx


async def run_once(verb: Verb, tx: Tx, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a mutation and return its outcome; of a retry with the same key, the first call's.

    A retry is not asked for its state: the payload shows what the viewer may see now. Raise Refused
    with IDEMPOTENCY_MISMATCH if the key was used with another input.
    """
    given = arguments.get("input")
    key = getattr(given, "idempotency_key", None)
    if key is None or verb.claims_itself:
        return await verb.run(tx, **arguments)
    content = {name: each for name, each in vars(given).items() if name != "idempotency_key"}
    printed = orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)
    claim = await audit.once(tx, verb.name, key, printed)
    if claim.outcome is not None:
        return dict(claim.outcome)
    outcome = await verb.run(tx, **arguments)
    await audit.keep(tx, claim, outcome)
    return outcome
