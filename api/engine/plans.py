"""Compiled plans, kept beside their operation by the answers to the probes they depend on."""

import sys
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType
from graphql.language import FieldNode

from api.engine.arguments import coerced
from api.engine.bindings import Verb
from api.engine.compiler import Compiled, Compiler, Requires
from api.engine.contract import Contract
from api.engine.cost import MUTATION
from api.engine.documents import Operation
from api.engine.errors import ErrorCode, RequestError
from api.engine.printer import Probe
from api.engine.values import Environment

MAX_VARIANTS = 32


@dataclass(eq=False)
class Step:
    """It is one root field of a mutation: its verb, and the payload's plan if it is done or refused."""

    key: str
    verb: Verb
    field: Any
    node: FieldNode
    done: Compiled
    refused: Compiled

    def arguments(self, env: Environment) -> dict[str, Any]:
        """Coerce the verb's arguments with this request's variables."""
        return coerced(self.field, self.node, env)


@dataclass(eq=False)
class Plan:
    """It is a compiled operation, for one set of answers to its probes.

    `introspection` holds a query's `__schema` and `__type` fields, `typenames` the response keys
    of a mutation's `__typename`, each with its position among the fields.
    """

    query: Compiled | None
    steps: list[Step]
    probes: tuple[Probe, ...]
    requires: Requires
    introspection: dict[str, list[FieldNode]]
    typenames: tuple[tuple[int, str], ...] = ()
    uses: int = 0

    def cost(self, env: Environment) -> int:
        """Calculate the points of one request; refuses a page size out of bounds."""
        if self.query is not None:
            return self.query.cost.of(env)
        return sum(MUTATION + step.done.cost.of(env) for step in self.steps)

    def statements(self) -> list[str]:
        """Return the SQL that reads what the operation selects; values are parameters in it."""
        reads = [self.query] if self.query is not None else [step.done for step in self.steps]
        return [read.text for read in reads if read.text]

    @property
    def size(self) -> int:
        """Return an estimate of the bytes that the plan holds in memory."""
        reads = [self.query] if self.query else [r for s in self.steps for r in (s.done, s.refused)]
        # a text with a Chinese character takes two bytes for each character
        return 4000 + sum(sys.getsizeof(read.text) + 400 * len(read.binders) for read in reads)


def known(operation: Operation, env: Environment) -> Plan | None:
    """Return the plan that was made for this request's answers, or None."""
    return operation.plans.get(_key(operation, env))


def keep(operation: Operation, env: Environment, plan: Plan) -> None:
    """Keep a plan for other requests with the same answers; at most 32 of an operation."""
    asked = set(operation.probes)
    if more := tuple(probe for probe in plan.probes if probe not in asked):
        operation.probes += more
        operation.plans.clear()  # their keys lack the answers to these
    operation.plans[_key(operation, env)] = plan
    if len(operation.plans) > MAX_VARIANTS:
        del operation.plans[next(iter(operation.plans))]


def _key(operation: Operation, env: Environment) -> tuple[Any, ...]:
    return (env.viewer.principal, *(probe.ask(env) for probe in operation.probes))


def compiled(contract: Contract, operation: Operation, env: Environment) -> Plan:
    """Compile a plan for one request's answers; changes nothing, so any thread may call it."""
    compiler = Compiler(contract, operation, env.viewer.principal, env)
    if operation.kind == "mutation":
        return _mutation(contract, operation, env, compiler)
    if operation.kind == "subscription":
        raise RequestError(ErrorCode.BAD_REQUEST, "Subscriptions do not go over this endpoint.")
    query = compiler.query()
    root = contract.schema.query_type
    assert root is not None  # noqa: S101 # every schema has one
    fields = compiler.fields(root, [operation.node.selection_set])
    return Plan(
        query,
        [],
        tuple(compiler.probes),
        query.requires,
        {key: nodes for key, nodes in fields.items() if _is_introspection(nodes)},
    )


def _mutation(
    contract: Contract, operation: Operation, env: Environment, compiler: Compiler
) -> Plan:
    root = contract.schema.mutation_type
    assert root is not None  # noqa: S101 # validation has checked it
    steps: list[Step] = []
    typenames: list[tuple[int, str]] = []
    probes: dict[Probe, Any] = {}
    for key, nodes in compiler.fields(root, [operation.node.selection_set]).items():
        name = nodes[0].name.value
        if name == "__typename":
            typenames.append((len(steps) + len(typenames), key))
            continue
        compiler.require("Mutation", name)
        field = root.fields[name]
        verb = contract.spec("Mutation", name).binding
        assert isinstance(verb, Verb) and isinstance(field.type, GraphQLObjectType)  # noqa: S101, PT018 # checked by the schema's tests
        readers = [Compiler(contract, operation, env.viewer.principal, env) for _ in "12"]
        done = readers[0].payload(field.type, nodes, refused=False)
        refused = readers[1].payload(field.type, nodes, refused=True)
        probes |= readers[0].probes | readers[1].probes
        for scopes, place in done.requires.items():
            compiler.ask(scopes, place)
        steps.append(Step(key, verb, field, nodes[0], done, refused))
    asked = tuple(compiler.probes | probes)
    if not steps:  # only `__typename`: a query that checks the viewer's version
        fields = compiler.fields(root, [operation.node.selection_set])
        return Plan(compiler.roots(root, fields), [], asked, {}, {})
    return Plan(None, steps, asked, compiler.requires, {}, tuple(typenames))


def _is_introspection(nodes: list[FieldNode]) -> bool:
    return nodes[0].name.value in {"__schema", "__type"}
