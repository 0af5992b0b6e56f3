"""`python3 -m toolchain setup | livekit-server`, for any Python that can read this file."""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Run the commands, or say that this Python is too old for them."""
    if sys.version_info < OLDEST_PYTHON:
        print(
            f"error: Trunkline needs Python 3.11 or newer and this is {sys.version_info[0]}.{sys.version_info[1]}; "
            "nothing was changed. Name another one: make setup PYTHON=python3.12",
            file=sys.stderr,
        )
        return 1
    from toolchain.commands import main as run  # not above: an older Python cannot even import it

    return run()


if __name__ == "__main__":
    sys.exit(main())
