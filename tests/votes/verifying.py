"""Provide the stand-alone verifier, as a module."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

VERIFIER = Path(__file__).parents[2] / "verifier" / "linli_verify.py"
_spec = spec_from_file_location("linli_verify", VERIFIER)
assert _spec is not None
assert _spec.loader is not None
verifier: Any = module_from_spec(_spec)
_spec.loader.exec_module(verifier)
