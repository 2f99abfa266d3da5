"""Keep the values of one request that fill the parameters of a plan: variables, viewer, outcome."""

from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues

from tenants.viewer import Viewer

NO_VARIABLES = VariableValues({}, {})


@dataclass(slots=True)
class Environment:
    """It holds what one operation knows while it runs.

    `values` are the viewer's parameters and `now`, the time of the answer; `signed` is what file
    URLs are signed with; `outcome` is what a verb returned; `budget` is the state of the viewer's
    budget.
    """

    viewer: Viewer
    variables: VariableValues = NO_VARIABLES
    values: dict[str, Any] = field(default_factory=dict)
    signed: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    budget: dict[str, Any] = field(default_factory=dict)
    user_errors: list[dict[str, Any]] = field(default_factory=list)
    introspection: dict[str, Any] = field(default_factory=dict)
