"""The values of one request: what variables, viewer and verb put in the places of a plan."""

from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues

from tenants.viewer import Viewer

NO_VARIABLES = VariableValues({}, {})


@dataclass(slots=True)
class Environment:
    """One operation on its way through a plan.

    `values` are the viewer's parameters and `now`, the moment of the answer; `signed` is what
    addresses are signed with; `outcome` is what a verb gave back; `budget` is what the request's
    limits have to say of themselves.
    """

    viewer: Viewer
    variables: VariableValues = NO_VARIABLES
    values: dict[str, Any] = field(default_factory=dict)
    signed: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    budget: dict[str, Any] = field(default_factory=dict)
    user_errors: list[dict[str, Any]] = field(default_factory=list)
    introspection: dict[str, Any] = field(default_factory=dict)
