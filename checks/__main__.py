"""`python -m checks`: print every fault and end with 1 if there is one."""

import sys
from pathlib import Path

from checks import lengths, lock, sentences

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run each check over the project."""
    faults = [*lengths.faults(ROOT), *lock.faults(ROOT), *sentences.faults(ROOT)]
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
