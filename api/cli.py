"""The command `linli`."""


def main() -> None:
    """Run it."""
