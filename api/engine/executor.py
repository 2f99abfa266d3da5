"""Run operations: from a plan, variables and a viewer to the bytes of the response."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.types.arguments import convert_arguments

from api.engine.aside import Aside
from api.engine.contract import Contract
from api.engine.cost import MAX_COST
from api.engine.documents import Document, Documents, Operation
from api.engine.errors import ErrorCode, RequestError, bad_input
from api.engine.introspection import PRICE, Introspection
from api.engine.keys import run_once
from api.engine.plans import Plan, Plans, Step
from api.engine.texts import clean
from api.engine.values import NO_VARIABLES, Environment
from tenants.db import Database, Uncertain
from tenants.errors import Busy, Code, Conflict, Refused, StaleViewer, TooSlow
from tenants.transaction import Client, Tx
from tenants.viewer import Viewer

log = logging.getLogger("linli.engine")
_RETRIES = 3


@dataclass(slots=True)
class Request:
    """What a client sent: a document, the name of its operation, and values for the variables.

    With `document_id` the text is that of a registered document (tenants/documents).
    """

    text: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    document_id: str | None = None


@dataclass(slots=True)
class Prepared:
    """An operation ready to run: its plan, its values and its price. Nothing was read yet."""

    plan: Plan
    env: Environment
    operation: Operation
    cost: int


class Engine:
    """Runs operations of one contract against one database.

    `signed` returns the values that file URLs are signed with (tenants/images/signing.py).
    """

    def __init__(
        self,
        contract: Contract,
        database: Database,
        services: dict[str, Any],
        signed: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self.contract = contract
        self.database = database
        self.services = services
        self._signed = signed
        self.documents = Documents(contract.schema)
        self.plans = Plans(contract)
        self.introspection = Introspection(contract.schema)
        self.aside = Aside()
        self._reading: dict[str, asyncio.Task[Document | RequestError]] = {}

    def prepare(
        self, request: Request, viewer: Viewer, *, new: Callable[[], object] = lambda: None
    ) -> Prepared:
        """Read the document, coerce variables, find or make the plan, check scopes and cost.

        `new` is called before an unknown document is read or an unknown plan is compiled; it may
        refuse.
        """
        document = self.documents.known(request.text)
        is_new = document is None
        if document is None:
            new()
            document = self.documents.read(request.text)
        operation = document.operation(request.operation_name)
        variables = self._variables(operation, request.variables)
        values = {**viewer.parameters, "now": self.database.clock()}
        env = Environment(viewer, variables, values, self._signed())
        plan = self.plans.known(operation, env)
        if plan is None:
            if not is_new:
                new()
            plan = self.plans.make(operation, env)
        _require_scopes(plan, viewer)
        if plan.query is None and viewer.only_reads:
            raise RequestError(ErrorCode.FORBIDDEN, "This token is for reading only.")
        # Nothing is free: a request that reads no table costs a point too.
        of_schema = (PRICE[n[0].name.value] for n in plan.introspection.values())
        cost = max(plan.cost(env) + sum(of_schema), 1)
        if cost > MAX_COST:
            raise RequestError(
                ErrorCode.QUERY_TOO_COMPLEX,
                f"The operation costs {cost} points; at most {MAX_COST} are allowed.",
                cost=cost,
            )
        return Prepared(plan, env, operation, cost)

    async def read(self, text: str, viewer: Viewer) -> None:
        """Read a new text in the helper thread, so that `prepare` finds it; raises its errors."""
        reading = self._reading.get(text)
        if reading is None:
            work = self.aside.do(viewer.payer, partial(self.documents.examine, text))
            reading = self._reading[text] = asyncio.create_task(work)
            reading.add_done_callback(lambda _: self._reading.pop(text, None))
        # Requests with the same text share one task; `shield` keeps it alive if one of them is
        # cancelled.
        self.documents.keep(text, await asyncio.shield(reading))

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

    # --- variables

    def _variables(self, operation: Operation, given: dict[str, Any] | None) -> VariableValues:
        definitions = operation.node.variable_definitions
        if not definitions:
            return NO_VARIABLES
        values = get_variable_values(self.contract.schema, definitions, given or {}, max_errors=5)
        if isinstance(values, list):
            raise RequestError.of(ErrorCode.BAD_USER_INPUT, values)
        if given:
            _refuse_nul(given)
        return values

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
            env.user_errors = [_user_error(refusal)]
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


def _require_scopes(plan: Plan, viewer: Viewer) -> None:
    for scopes, coordinate in plan.requires.items():
        if viewer.scopes.isdisjoint(scopes):
            words = " or ".join(f"`{scope}`" for scope in scopes)
            raise RequestError(
                ErrorCode.FORBIDDEN,
                f"{coordinate} needs the scope {words}, which the token does not have.",
                field=coordinate,
                requiredScope=scopes[0],
            )


def _refuse_nul(value: Any) -> None:
    """Refuse U+0000 anywhere in the variables: PostgreSQL's text cannot hold it."""
    if isinstance(value, str):
        if "\x00" in value:
            raise bad_input("Text cannot hold the character U+0000.")
    elif isinstance(value, dict):
        for item in value.values():
            _refuse_nul(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_nul(item)


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
