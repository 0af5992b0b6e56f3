"""What plain `pulumi` runs with, here and in a repository of one's own: one table, of Python's own library alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ENGINE: Mapping[str, str] = {
    # One write of the state at the end, not two per resource. Nothing is lost with it: what was made carries
    # its tag at the vendor, and the next `up` finds it there.
    "PULUMI_SKIP_CHECKPOINTS": "1",
    # The refresh runs the program first. Without it the engine gives the provider the configuration that the state
    # has, so that a credential which moved or was rotated, or allowAccountChange, would never get there.
    "PULUMI_RUN_PROGRAM": "true",
    # At the end of every update the engine prints all outputs, about 30 lines for each line of the fleet, and after
    # one that failed it prints them as removed, which they are not. `pulumi stack output` shows them.
    "PULUMI_OPTION_SUPPRESS_OUTPUTS": "true",
    # In a log the dots of waiting are a line more for each line that is printed.
    "PULUMI_OPTION_SUPPRESS_PROGRESS": "true",
    # So many steps of a command at a time, as the provider process works on. The engine's own number is four times the
    # processor's cores, and most of a step is waiting for a vendor, whom a bound of ours keeps from too much.
    "PULUMI_PARALLEL": "64",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
}
STATE = ".pulumi-state"
"""The folder of the state, until a team names its own backend."""
# Without it an engine killed at the wrong moment leaves an empty .attrs file, and the state can no longer be read
# (seen with Pulumi 3.259.0).
WITHOUT_ATTRS = "?metadata=skip"


def backend_url(state: Path) -> str:
    """Give the URL of the backend that is a folder, by its absolute path."""
    return f"{state.as_uri()}{WITHOUT_ATTRS}"


def defaults(state: Path, python: Path) -> dict[str, str]:
    """Give what each variable is where the environment does not say; an empty value in the environment says something.

    `state` and `python` are absolute paths: of the state's folder, and of the interpreter that has Trunkline.
    """
    return {
        **ENGINE,
        "PULUMI_BACKEND_URL": backend_url(state),
        # The program and the dynamic provider start in different directories, so a `virtualenv` option in
        # Pulumi.yaml would mean two different ones. Both read this where there is no such option.
        "PULUMI_PYTHON_CMD": str(python),
    }


def pulumi_environment(root: Path, python: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """Give the environment for `pulumi` in the repository at `root`: what its `.tools/env.sh` makes with `python`."""
    path = os.pathsep.join((str(python.parent), inherited.get("PATH", os.defpath)))
    return {**defaults(root / STATE, python), **inherited, "PATH": path}


def unless_set(name: str, word: str) -> list[str]:
    """Give the lines of a shell that set and export a variable which the environment has not; `word` is quoted."""
    return [f'[ -n "${{{name}+set}}" ] || {name}={word}', f"export {name}"]


def env_script() -> str:
    """Give the text of `.tools/env.sh` of a repository of one's own, for any POSIX shell in its root.

    It is committed, so it names no path of one machine.
    """
    as_url = f'from pathlib import Path; print(Path("{STATE}").absolute().as_uri() + "{WITHOUT_ATTRS}")'
    lines = [
        "# Use it where Pulumi.yaml is, after `make setup`: `. .tools/env.sh`.",
        "# A variable that is set already keeps its value, an empty one too.",
        "if [ ! -x .venv/bin/python ]; then",
        '  echo ".tools/env.sh: there is no .venv here; use it where Pulumi.yaml is, after make setup" >&2',
        "fi",
        'case "$PATH:" in "$PWD/.venv/bin:"*) ;; *) PATH="$PWD/.venv/bin:$PATH:$PWD/.tools/pulumi/bin" ;; esac',
        "export PATH",
    ]
    for name, value in ENGINE.items():
        lines += unless_set(name, value)
    lines += unless_set("PULUMI_PYTHON_CMD", '"$PWD/.venv/bin/python"')
    lines += [
        'if [ -z "${PULUMI_BACKEND_URL+set}" ]; then',
        f"  mkdir -p {STATE}",
        f"  PULUMI_BACKEND_URL=$(.venv/bin/python -c '{as_url}')",
        "fi",
        "export PULUMI_BACKEND_URL",
    ]
    return "\n".join(lines) + "\n"
