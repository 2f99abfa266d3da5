"""Prepare a request: find its document, its plan, its values and its price."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql.execution.values import VariableValues, get_variable_values

from api.engine import plans
from api.engine.aside import Aside
from api.engine.contract import Contract
from api.engine.cost import MAX_COST
from api.engine.documents import Document, Documents, Operation
from api.engine.errors import ErrorCode, RequestError, bad_input
from api.engine.introspection import PRICE
from api.engine.plans import Plan
from api.engine.values import NO_VARIABLES, Environment
from tenants.db import Database
from tenants.viewer import Viewer


@dataclass(slots=True)
class Request:
    """It is what a client sent: a document, the name of its operation, and values for the variables.

    With `document_id` the text is that of a registered document (tenants/documents).
    """

    text: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    document_id: str | None = None


@dataclass(slots=True)
class Prepared:
    """It is an operation ready to run: its plan, its values and its price. Nothing was read yet."""

    plan: Plan
    env: Environment
    operation: Operation
    cost: int


# a document or its error; and the plan for one request or that request's error
_Learnt = tuple[Document | RequestError, tuple[Environment, Plan] | RequestError]


class Preparing:
    """It prepares the operations of one contract, and keeps what it learns of their documents.

    `signed` returns the values that file URLs are signed with (tenants/images/signing.py).
    """

    def __init__(
        self, contract: Contract, database: Database, signed: Callable[[], dict[str, Any]]
    ) -> None:
        self.contract = contract
        self.database = database
        self.documents = Documents(contract.schema)
        self.aside = Aside()
        self._signed = signed
        self._learning: dict[tuple[object, ...], asyncio.Task[RequestError | None]] = {}

    def known(self, request: Request, viewer: Viewer) -> Prepared | None:
        """Prepare an operation whose document and plan are known; None if one of them is new.

        Coerces the variables, and checks the scopes and the cost; raises RequestError.
        """
        document = self.documents.known(request.text)
        if document is None:
            return None
        operation, env = self._asked(document, request, viewer)
        plan = plans.known(operation, env)
        return None if plan is None else _prepared(plan, env, operation)

    async def learn(self, request: Request, viewer: Viewer) -> None:
        """Read a new document and compile a new plan in the helper thread, so that `known` finds them.

        Raises what the document or its variables are refused with. While another request learns the
        same document, only wait for it: what it learns is nearly always all that this one needs.
        """
        key = (request.text, request.operation_name, viewer.principal)
        learning = self._learning.get(key)
        is_first = learning is None
        if learning is None:
            learning = asyncio.create_task(self._learn(key, request, viewer))
            self._learning[key] = learning
        # `shield` keeps the task alive if a request that waits for it is cancelled
        refused = await asyncio.shield(learning)
        if is_first and refused is not None:
            raise refused

    async def _learn(
        self, key: tuple[object, ...], request: Request, viewer: Viewer
    ) -> RequestError | None:
        """Learn a document and keep it; return what it is refused with.

        When this ends, nobody finds it under way any more: a request that waited for work that is
        over would return at once, ask again, and never let the loop go on.
        """
        try:
            self._keep(
                request, await self.aside.do(viewer.payer, partial(self._learnt, request, viewer))
            )
        except RequestError as error:
            return error
        finally:
            del self._learning[key]
        return None

    def prepare(self, request: Request, viewer: Viewer) -> Prepared:
        """Prepare an operation, and learn in this thread what is new of it."""
        ready = self.known(request, viewer)
        if ready is None:
            self._keep(request, self._learnt(request, viewer))
            ready = self.known(request, viewer)
            assert ready is not None  # noqa: S101 # the newest is always kept
        return ready

    def _asked(
        self, document: Document, request: Request, viewer: Viewer
    ) -> tuple[Operation, Environment]:
        operation = document.operation(request.operation_name)
        variables = self._variables(operation, request.variables)
        values = {**viewer.parameters, "now": self.database.clock()}
        return operation, Environment(viewer, variables, values, self._signed())

    def _learnt(self, request: Request, viewer: Viewer) -> _Learnt:
        """Read and compile; changes nothing, so any thread may call it."""
        document = self.documents.examine(request.text)
        if isinstance(document, RequestError):
            return document, document
        try:
            operation, env = self._asked(document, request, viewer)
            plan = plans.known(operation, env) or plans.compiled(self.contract, operation, env)
            return document, (env, plan)
        except RequestError as error:
            return document, error.again()

    def _keep(self, request: Request, learnt: _Learnt) -> None:
        document, made = learnt
        document = self.documents.keep(request.text, document)
        if isinstance(made, RequestError):
            raise made.again()
        if isinstance(document, RequestError):
            raise document.again()
        plans.keep(document.operation(request.operation_name), *made)
        self.documents.weigh(request.text, document)

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


def _prepared(plan: Plan, env: Environment, operation: Operation) -> Prepared:
    """Check the scopes and the cost of one request; raises RequestError."""
    _require_scopes(plan, env.viewer)
    if plan.query is None and env.viewer.only_reads:
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
