"""Mutations, each declared in one place: a class whose attributes are the fields of its input.

    @verb(policy.RENAME, {"community": link(Community, communities)}, service.rename)
    class RenameCommunity:
        \"\"\"社区改名。Give a community another name.\"\"\"

        community_id: UUID = ref(communities)
        name: str = text("新名称", "the new name", NAME_LENGTH)

The docstring is the description that clients read. `renameCommunity`, `RenameCommunityInput` and
`RenameCommunityPayload` are made of the class by `mutation_type`. The service gets the fields by name; what
it returns is the one field of the payload, or all of them in their order.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass
from types import ModuleType
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound
from api.engine.inputs import InputField
from api.engine.payloads import Answer
from api.engine.refusals import codes_of
from api.engine.texts import camel, description_of
from tenants.errors import Code
from tenants.policy import Rule
from tenants.procedure import Step
from tenants.scopes import Scope
from tenants.taking import act
from tenants.transaction import Tx

T = TypeVar("T")
Outcome = dict[str, Any]


@dataclass(frozen=True)
class Declared:
    """It holds what `verb` says of a class."""

    kind: Any
    rule: Scope | Rule
    answers: Mapping[str, Answer]
    service: Callable[..., Any] | None
    example: str | None
    holds_self: bool
    claims_itself: bool

    @property
    def name(self) -> str:
        """Return the name of the mutation."""
        name: str = self.kind.__name__
        return name[0].lower() + name[1:]

    @property
    def fields(self) -> dict[str, tuple[Any, InputField]]:
        """Return the annotation and the declaration of each field, those of its bases first."""
        hints = get_type_hints(self.kind)
        return {name: (hint, getattr(self.kind, name)) for name, hint in hints.items()}


def verb(
    rule: Scope | Rule,
    answers: Mapping[str, Answer],
    service: Callable[..., Any] | None = None,
    *,
    example: str | None = None,
    holds_self: bool = False,
    claims_itself: bool = False,
) -> Callable[[type[T]], type[T]]:
    """Declare a mutation under a rule, with the fields of its payload and the service that does it.

    Without a service, the class has a coroutine `run(self, tx)`; without either, the step is all
    that is done (tenants.taking.act). A class may also have `prepare(self, services, viewer)`, a
    coroutine that runs before the transaction, for work that must not happen inside one, and returns
    more arguments of the service; `make_outcome(self, done)`, which makes the outcome of what was
    returned; and a static `finish(services, viewer, outcome)`, which runs after the commit.

    `holds_self` is for mutations that change or lock the viewer's own row. If the input has an
    idempotency key, the executor claims it and keeps the ids of the outcome. A retry is answered
    from them, whatever the state is by then. `claims_itself` is for a service that takes the `key`,
    because it keeps it in another transaction or must not hash all of its input. The codes of the
    possible refusals and the example are added to the description.
    """

    def declare(kind: type[T]) -> type[T]:
        named = _HOOKS & get_type_hints(kind).keys()
        assert not named, f"{kind.__name__}: {named} are hooks"  # noqa: S101 # an error of ours
        declared = Declared(kind, rule, answers, service, example, holds_self, claims_itself)
        setattr(kind, _DECLARED, declared)
        return kind

    return declare


_DECLARED = "_declared"
_HOOKS = {"run", "prepare", "make_outcome", "finish"}


def mutation_type(modules: Iterable[ModuleType], payload: type, description: str) -> type:
    """Return the root type of the mutations of these modules, in the order of the text.

    `payload` is the interface of all payloads.
    """
    verbs = [verb for module in modules for verb in verbs_of(module)]
    roots = {verb.name: _root_field(verb, payload) for verb in verbs}
    annotations = {name: answer | None for name, (answer, _) in roots.items()}
    fields = {name: field for name, (_, field) in roots.items()}
    made = type("Mutation", (), {"__annotations__": annotations, **fields})
    return strawberry.type(made, description=description)


def verbs_of(module: ModuleType) -> list[Declared]:
    """Return the mutations that a module declares, in the order of its text."""
    kinds = (each for each in vars(module).values() if isinstance(each, type))
    found = (vars(kind).get(_DECLARED) for kind in kinds if kind.__module__ == module.__name__)
    return [each for each in found if each is not None]


def _root_field(verb: Declared, payload: type) -> tuple[Any, Any]:
    """Return the type of a mutation's payload, and its field of the root."""
    given, answer = _input_type(verb), _payload_type(verb, payload)

    def signature(input: Any) -> Any:
        raise NotImplementedError("mutations are run by the executor")

    described = Annotated[
        given, strawberry.argument(description="填写内容。Give what is to be done.")
    ]
    signature.__annotations__ = {"input": described, "return": answer}
    signature.__module__ = verb.kind.__module__
    scope = verb.rule.scope if isinstance(verb.rule, Rule) else verb.rule
    binding = _binding(verb)
    declared = bound(_description(verb), binding, requires=scope, resolver=signature)
    return answer, declared


def _input_type(verb: Declared) -> Any:
    annotations: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    declare: Any = strawberry.field
    for name, (hint, field) in verb.fields.items():
        is_optional = type(None) in get_args(hint)
        default = None if field.default is MISSING and is_optional else field.default
        described = field.described(name, verb.rule, is_optional=is_optional)
        kind = "default_factory" if callable(default) else "default"
        annotations[name] = field.type_(hint)
        fields[name] = declare(description=described, **{kind: default})
    made = _class(verb, "Input", object, annotations, fields)
    return strawberry.input(
        made, description=f"这是 `{verb.name}` 的输入。This is the input of `{verb.name}`."
    )


def _payload_type(verb: Declared, payload: type) -> Any:
    annotations = {name: answer.type_ for name, answer in verb.answers.items()}
    fields = {name: answer.declare(name) for name, answer in verb.answers.items()}
    made = _class(verb, "Payload", payload, annotations, fields)
    return strawberry.type(
        made, description=f"这是 `{verb.name}` 的结果。This is the result of `{verb.name}`."
    )


def _class(
    verb: Declared, suffix: str, base: type, annotations: dict[str, Any], fields: dict[str, Any]
) -> type:
    named = {"__module__": verb.kind.__module__, "__annotations__": annotations}
    return type(verb.kind.__name__ + suffix, (base,), {**named, **fields})


def _description(verb: Declared) -> str:
    """Return what clients read: the docstring, the codes of possible refusals, and the example."""
    parts = [description_of(verb.kind)]
    codes = _codes(verb)
    if codes:
        parts.append("Errors: " + ", ".join(f"`{code}`" for code in codes))
    if verb.example is not None:
        parts.append(f"```graphql\n{verb.example}\n```")
    return "\n".join(parts)


def _codes(verb: Declared) -> list[Code]:
    """Return the codes that a verb may be refused with: a step declares them; a key has two of its own."""
    if isinstance(verb.rule, Step):
        found = verb.rule.codes
    else:
        does = verb.service or verb.kind.run
        found = set(codes_of(does, getattr(verb.kind, "prepare", None)))
    if "idempotency_key" in verb.fields:
        found = found | {Code.INVALID, Code.IDEMPOTENCY_MISMATCH}
    return [code for code in Code if code in found]


# --- running them


def _binding(verb: Declared) -> b.Verb:
    kind, fields, does = verb.kind, verb.fields, _does(verb)

    def read(input: Any) -> Any:
        made = object.__new__(kind)
        for name, (_, field) in fields.items():
            setattr(made, name, field.read(getattr(input, name)))
        return made

    async def run(tx: Tx, input: Any, prepared: Outcome | None = None) -> Outcome:
        made = read(input)
        done = await does(made, tx, **(prepared or {}))
        if hasattr(kind, "make_outcome"):
            return made.make_outcome(done)
        several = done if len(verb.answers) > 1 else (done,)
        return dict(zip(verb.answers, several, strict=True))

    async def prepare(services: Any, viewer: Any, input: Any) -> Outcome:
        return await read(input).prepare(services, viewer)

    return b.Verb(
        run,
        verb.name,
        prepare if hasattr(kind, "prepare") else None,
        getattr(kind, "finish", None),
        verb.holds_self,
        verb.claims_itself,
    )


def _does(verb: Declared) -> Callable[..., Any]:
    """Return what does it: a coroutine function of an instance, a transaction and what was prepared."""
    if verb.service is not None:
        return _serve(verb, verb.service)
    if hasattr(verb.kind, "run"):
        return verb.kind.run
    return _act(verb)


def _serve(verb: Declared, service: Callable[..., Any]) -> Callable[..., Any]:
    fields = {n: field for n, (_, field) in verb.fields.items() if n != "idempotency_key"}
    taken = set(inspect.signature(service).parameters)
    surplus = {each for n, field in fields.items() for each in field.takes(n)} - taken
    assert not surplus, f"{verb.name}: {service.__qualname__} takes no {surplus}"  # noqa: S101 # an error of ours

    async def serve(made: Any, tx: Tx, **prepared: Any) -> Any:
        arguments = {"key": made.idempotency_key} if verb.claims_itself else {}
        for name, field in fields.items():
            arguments |= field.arguments(name, getattr(made, name))
        return await service(tx, **arguments, **prepared)

    return serve


def _act(verb: Declared) -> Callable[..., Any]:
    names, step = [name for name in verb.fields if name != "idempotency_key"], verb.rule
    assert isinstance(step, Step), f"{verb.name}: what does it?"  # noqa: S101 # an error of ours
    expected = [step.procedure.id_field, *([step.said] if step.says else [])]
    assert [camel(name) for name in names] == expected, (verb.name, expected)  # noqa: S101 # the same

    async def take(made: Any, tx: Tx) -> Any:
        return await act(tx, step, *(getattr(made, name) for name in names))

    return take
