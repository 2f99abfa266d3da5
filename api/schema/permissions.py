"""A type of permissions has one field for each mutation, by the rule that the mutation is held to."""

from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, filled, object_type
from tenants.errors import Code
from tenants.policy import Rule


@object_type
class Permission:
    """它说明您能否这样做，不能则为何。It says whether you may do this and, if not, why."""

    allowed: bool = filled("您能这样做。You may do this.")
    code: Code | None = filled("这是不能的原因代码。This code says why you may not.")
    message: str | None = filled("这是不能的原因。This says in words why you may not.")


def permission(*rules: Rule, more: tuple[str, ...] = ()) -> Any:
    """Declare whether a mutation is allowed; of several rules, whether any of them allows it.

    The lines of `more` are added to the description.
    """
    name = rules[0].name
    said = [f"它说明您能否 `{name}`。It says whether you may `{name}`."]
    if len(rules) > 1:
        said.append("只要有一种选择可行即为能。It is allowed if one of the choices is.")
    return bound("\n".join([*said, *more]), b.Permit.of(*rules))


def permissions(type_name: str, *rules: Rule | tuple[Rule, ...]) -> type:
    """Return the type of a type's `viewerCan`, with a field for each mutation by its rule or rules."""
    each = [rule if isinstance(rule, tuple) else (rule,) for rule in rules]
    fields = {group[0].name: permission(*group) for group in each}
    made = type(
        f"{type_name}Permissions",
        (),
        {"__module__": __name__, "__annotations__": dict.fromkeys(fields, Permission), **fields},
    )
    described = (
        f"它说明您对一个 `{type_name}` 能做什么，不能则为何；各字段以修改命名。\n"
        f"It says what you may do to one `{type_name}`, and why not; each field has the name "
        "of its mutation."
    )
    return strawberry.type(made, description=described)


def can(type_: type) -> Any:
    """Declare the `viewerCan` of a type, from what `permissions` returned."""
    return bound("它说明您能做什么。It says what you may do.", b.Value(), type_=type_)
