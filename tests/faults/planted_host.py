"""Planted bugs in how we live with Pulumi's own programs: the language host, and the server of dynamic providers."""

from __future__ import annotations

from tests.faults.mutant import Mutant

HOST: tuple[Mutant, ...] = (
    Mutant(
        "a program that the engine stops prints where it waited",
        "one cause, one error",
        "stacks/ending.py",
        "lambda *_: os._exit(INTERRUPTED)",
        "signal.default_int_handler",
        "host",
    ),
    Mutant(
        "a refused file ends the program as if nothing had been shown",
        "one cause, one error",
        "stacks/ending.py",
        "sys.exit(ALREADY_REPORTED)",
        "sys.exit(1)",
        "host",
    ),
    Mutant(
        "under the official launcher four calls are under way",
        "concurrency is ours to bound",
        "providers/dynamic/workers.py",
        "        executor._max_workers = workers\n",
        "        pass\n",
        "host",
    ),
    Mutant(
        "a plugin that is missing is noticed after the first write",
        "refused before the first write",
        "stacks/verification.py",
        "return on_path is not None or any(",
        "return True or any(",
        "host",
    ),
    Mutant(
        "an edit of what is verified verifies nothing",
        "verified again after each edit",
        "stacks/verification.py",
        "_digest(json.dumps(spec.props, sort_keys=True, default=repr))",
        "_digest(json.dumps(spec.key))",
        "host",
    ),
    Mutant(
        "an edit of a carrier's trunk verifies no line on it",
        "verified again after each edit",
        "stacks/verification.py",
        "return [*(specs[key] for key in own), *around]",
        "return [specs[key] for key in own]",
        "host",
    ),
)
