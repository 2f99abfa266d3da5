"""Run operations: a plan, variables and a viewer give the bytes of the response."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from strawberry.types.arguments import convert_arguments

from api.engine.contract import Contract
from api.engine.errors import ErrorCode, RequestError
from api.engine.introspection import Introspection
from api.engine.keys import run_once
from api.engine.plans import Step
from api.engine.preparing import Prepared, Preparing
from api.engine.texts import clean
from api.engine.values import Environment
from tenants.db import Database, Uncertain
from tenants.errors import Busy, Code, Conflict, Refused, StaleViewer, TooSlow
from tenants.transaction import Client, Tx

log = logging.getLogger("linli.engine")
_RETRIES = 3


class Engine(Preparing):
    """It runs operations of one contract against one database."""

    def __init__(
        self,
        contract: Contract,
        database: Database,
        services: dict[str, Any],
        signed: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        super().__init__(contract, database, signed)
        self.services = services
        self.introspection = Introspection(contract.schema)

    async def run(self, prepared: Prepared, trace_id: str) -> bytes:
        """Run a prepared operation and return the response's bytes.

        Raises RequestError or StaleViewer if the whole request fails.
        """
        plan, env = prepared.plan, prepared.env
        plan.uses += 1
        if plan.query is None:
            return await self._mutate(prepared, trace_id)
        if plan.introspection:
            ask = partial(self.introspection.answer, prepared.operation, plan.introspection, env)
            await self.aside.do(env.viewer.payer, ask)
        arguments = [bind(env) for bind in plan.query.binders]
        row = await self.database.read(
            env.viewer, plan.query.text or "", arguments, prepare=plan.uses > 1
        )
        if row[1] != env.viewer.version:
            raise StaleViewer
        make = plan.query.make
        return b'{"data":' + (row[0] if make is None else orjson.dumps(make(env))) + b"}"

    # --- mutations

    async def _mutate(self, prepared: Prepared, trace_id: str) -> bytes:
        """Run the root fields one after another, each in its own transaction.

        A failure before any change fails the request. A later failure sets its own field to null
        and adds an error, beside the results of the earlier fields.
        """
        parts: list[bytes] = []
        errors: list[dict[str, Any]] = []
        client = Client(prepared.env.viewer.client_id, trace_id)
        for step in prepared.plan.steps:
            try:
                answer = await self._step(step, prepared.env, client)
            except Exception as error:
                if not parts:
                    raise
                answer = b"null"
                errors.append(_failure(error, step.key, trace_id))
            parts.append(b'"' + step.key.encode() + b'":' + answer)
        for place, key in prepared.plan.typenames:
            parts.insert(place, b'"' + key.encode() + b'":"Mutation"')
        tail = b',"errors":' + orjson.dumps(errors) if errors else b""
        return b'{"data":{' + b",".join(parts) + b"}" + tail + b"}"

    async def _step(self, step: Step, env: Environment, client: Client) -> bytes:
        env.outcome, env.user_errors = {}, []
        arguments = self._converted(step, env)
        try:
            arguments = {name: clean(value) for name, value in arguments.items()}
            if step.verb.prepare is not None:
                arguments["prepared"] = await step.verb.prepare(
                    self.services, env.viewer, **arguments
                )
            answer = await self._in_transaction(step, env, client, arguments)
            if step.verb.finish is not None:
                await step.verb.finish(self.services, env.viewer, env.outcome)
            return answer
        except Refused as refusal:
            env.user_errors = [_user_error(each) for each in (refusal, *refusal.others)]
            make = step.refused.make
            assert make is not None  # noqa: S101 # a refused payload reads no table
            return orjson.dumps(make(env))

    async def _in_transaction(
        self, step: Step, env: Environment, client: Client, arguments: dict[str, Any]
    ) -> bytes:
        conflicts, is_certain = 0, False
        while True:
            try:
                async with self.database.write(
                    env.viewer,
                    client,
                    takes_keys_for_new=not is_certain,
                    holds_self=step.verb.holds_self,
                ) as tx:
                    env.values["now"] = tx.now
                    env.outcome = await run_once(step.verb, tx, arguments)
                    return await self._read_payload(step, env, tx)
            except Uncertain:
                is_certain = True
            except Conflict:
                conflicts += 1
                if conflicts == _RETRIES:
                    raise

    async def _read_payload(self, step: Step, env: Environment, tx: Tx) -> bytes:
        if step.done.make is not None:
            return orjson.dumps(step.done.make(env))
        return await tx.answer(step.done.text or "", [bind(env) for bind in step.done.binders])

    def _converted(self, step: Step, env: Environment) -> dict[str, Any]:
        definition = step.field.extensions["strawberry-definition"]
        converter = self.contract.strawberry.schema_converter
        return convert_arguments(
            step.arguments(env), definition.arguments, converter.scalar_registry, converter.config
        )


def _failure(error: Exception, key: str, trace_id: str) -> dict[str, Any]:
    """Return the error of a later field of a mutation; a bug is logged and masked."""
    if isinstance(error, RequestError):
        code, message = error.code, str(error)
    elif isinstance(error, StaleViewer):
        code, message = ErrorCode.UNAUTHENTICATED, "Roles or membership changed: refresh the token."
    elif isinstance(error, Busy | TooSlow):
        log.warning("not now: %s", error, extra={"facts": {"trace": trace_id}})
        code, message = ErrorCode.TIMEOUT, "It took too long; try again with the same key."
    else:
        log.error("bug", exc_info=error, extra={"facts": {"trace": trace_id}})
        code, message = ErrorCode.INTERNAL, "Internal error."
    return {"message": message, "path": [key], "extensions": {"code": code, "traceId": trace_id}}


_ERROR_TYPES = {
    Code.NOT_FOUND: "NotFoundError",
    Code.FORBIDDEN: "ForbiddenError",
    Code.WRONG_STATE: "StateError",
    Code.ALREADY_DONE: "StateError",
    Code.VERSION_CONFLICT: "VersionConflictError",
    Code.CONTENT_REJECTED: "ContentRejectedError",
}


def _user_error(refusal: Refused) -> dict[str, Any]:
    """Return a refusal in the shape of the schema's UserError types."""
    return {
        "__typename": _ERROR_TYPES.get(refusal.code, "ValidationError"),
        "message": refusal.message,
        "code": refusal.code,
        "path": ["input", *refusal.path],
        "currentState": refusal.current_state,
        "currentVersion": refusal.current_version,
        "labels": list(refusal.labels),
    }
