"""Hash a pact's text: what was voted on, filed and is in force is one text if it is one hash.

Anybody can compute it from what is printed: SHA-256 of JSON in UTF-8 without blanks,
`["title",[["heading","body"],["","body"]]]`, with an empty text where a clause has no heading.
"""

import json
from collections.abc import Iterable
from hashlib import sha256

from tenants.pacts.comparing import Clause


def hash_of(title: str, clauses: Iterable[Clause]) -> str:
    """Return the hash in hexadecimal."""
    text = [title, [[clause.heading or "", clause.body] for clause in clauses]]
    return sha256(json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
