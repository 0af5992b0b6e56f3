"""`python -m demo up` and `python -m demo down`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from demo import api_process, sandbox_process
from demo.background import NotStartedError
from demo.place import Place
from demo.stack import PulumiFailedError, Stack, marked_for_release
from demo.table import table, unmapped

_NEXT = """\
Next, in a shell:
  . .demo/env.sh                                  pulumi and trunkline for this stack
  pulumi preview --diff                           what an edit of numbers.yaml would change
  pulumi up                                       make it so
  pulumi stack output lines                       what the API and the audits read
  curl -s $LIVEKIT_URL/_sandbox/ledger            what the sandbox's carriers charged
  make demo-down                                  release the numbers, remove everything, stop"""


def up(place: Place) -> int:
    """Bring the demo up. Gives 0 where every line reaches its agent, else 1."""
    place.folder.mkdir(exist_ok=True)
    before = sandbox_process.recorded(place)
    running = sandbox_process.ensure(place)
    print(f"The sandbox of Twilio, Vonage and LiveKit serves {running.url} (process {running.pid}).", flush=True)
    place.write_env_script(running.vendors)
    stack = Stack(place, place.environment(running.vendors))
    stack.prepare()
    # Another port is another account to the Fleet, which then wants to be told that this is no mistake.
    stack.allow_account_change(before is not None and before.url != running.url)
    changes = stack.up()
    outputs = stack.outputs()
    print(f"\n{table(outputs)}\n")
    if set(changes) <= {"same"}:
        print(f"No changes: all {len(outputs.lines)} lines were as numbers.yaml says already.\n")
    api = api_process.ensure(place, stack.environment)
    print(_NEXT)
    print(f"\nThe page for people and the read-only API: {api.url}/\n  API key (admin of this demo): {api.key}")
    print(f'  curl -s -H "X-API-Key: {api.key}" {api.url}/sip')
    lost = unmapped(outputs)
    if lost:
        print(f"Lines without an agent: {', '.join(lost)}", file=sys.stderr)
    return 1 if lost else 0


def down(place: Place) -> int:
    """Mark every line for release, apply that, destroy, stop both servers, and remove what the demo made."""
    if not place.folder.exists():
        print("There is no demo to take down.")
        return 0
    running = sandbox_process.ensure(place)
    stack = Stack(place, place.environment(running.vendors))
    if stack.exists():
        print("Marking every line for release, which a deletion needs to have been applied before.", flush=True)
        marked = marked_for_release(place.root / "numbers.yaml", place.folder / "numbers.yaml")
        stack.up(inventory=marked)
        stack.destroy(inventory=marked)
    api_process.stop(place)
    sandbox_process.stop(place)
    shutil.rmtree(place.folder)
    place.stack_config.unlink(missing_ok=True)
    print("The demo is gone: its numbers are released, its sandbox is stopped.")
    return 0


def main(arguments: list[str]) -> int:
    """Run `up` or `down`. Gives 0, or 1 with a message."""
    actions = {"up": up, "down": down}
    if len(arguments) != 1 or arguments[0] not in actions:
        print("usage: python -m demo up|down", file=sys.stderr)
        return 1
    try:
        return actions[arguments[0]](Place(Path(__file__).resolve().parent.parent))
    except (PulumiFailedError, NotStartedError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
