"""A build hook that puts the built console (`make console`) into the wheel."""

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleHook(BuildHookInterface[BuilderConfig]):
    """Puts console/dist into the wheel as api/page, where api/page.py looks first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the built console to the wheel, or warn if it was not built.

        An editable install reads the console from the checkout itself.
        """
        built = Path(self.root) / "console" / "dist"
        if version == "editable":
            return
        if not (built / "index.html").exists():
            self.app.display_warning("console/dist is missing: the wheel goes without the console")
            return
        build_data["force_include"][str(built)] = "api/page"
