"""The long walks, which `make proofs` runs in place of `make test`; ADR 28 says why they stand apart.

A test is in exactly one of the two: in `make proofs` if its file or its own id stands here, else in `make test`.
Beside each stands the file of `make test` that shows the same of less: on a model of the engine, or at fewer points.
"""

from __future__ import annotations

from collections.abc import Mapping

MARK = "proof"

_FAULTS: Mapping[str, str] = {
    "kills.py::test_a_run_killed_at_any_write_is_healed_by_two_more_and_the_next_writes_nothing[what costs nothing]": (
        "kills"
    ),
    "races.py::test_a_plan_of_which_anything_moved_writes_nothing_and_tells_each_move_once[the rest]": "races",
    "races.py::test_a_plan_beside_which_others_did_what_they_like_buys_and_releases_what_was_reviewed[the rest]": (
        "races"
    ),
    "real_runs.py": "interruptions",
    "simulation.py::test_many_seeds_break_no_rule_and_meet_every_disturbance_often": "simulation",
}
# By subject: tests/engine/test_engine_SUBJECT.py.
_ENGINE: Mapping[str, str] = {
    "adoption_order": "tests/dynamic/test_adoption_sharing.py",
    "approved": "tests/dynamic/test_approved.py",
    "fallback": "tests/dynamic/test_fallbacks.py",
    "neighbours": "tests/dynamic/test_neighbours.py",
    "outer_wall": "tests/dynamic/test_outer_wall.py",
    "plan": "tests/unit/review/test_truth.py",
    "porting": "tests/dynamic/test_porting.py",
    "preview_length": "tests/benchmark/test_benchmark.py",
    "project_move": "tests/dynamic/test_project_move.py",
    "protection": "tests/dynamic/test_protection.py",
    "reach": "tests/dynamic/test_reach.py",
    "rotation": "tests/dynamic/test_rotation.py",
    "scale": "tests/dynamic/test_scale.py",
    "settings": "tests/dynamic/test_access.py",
    "sharing": "tests/dynamic/test_sharing.py",
    "stack_rename": "tests/dynamic/test_stacks.py",
    "stacks": "tests/dynamic/test_shared_fleet_name.py",
    "trunk_renaming": "tests/dynamic/test_trunk_renaming.py",
    "verbs_anew": "tests/dynamic/test_replaced.py",
    "verbs_away": "tests/dynamic/test_verbs.py",
    "verbs_mixed": "tests/dynamic/test_verbs.py",
    "verbs_part": "tests/dynamic/test_applied.py",
    "verbs_stopped": "tests/faults/test_interruptions.py",
    "verbs_surgery": "tests/dynamic/test_state_surgery.py",
}
PROOFS: Mapping[str, str] = {
    **{f"tests/faults/test_{test}": f"tests/faults/test_{beside}.py" for test, beside in _FAULTS.items()},
    **{f"tests/engine/test_engine_{subject}.py": beside for subject, beside in _ENGINE.items()},
    "tests/docs/test_real_output.py": "tests/docs/test_readme.py",
    "tests/toolchain/test_engine.py": "tests/toolchain/test_language_host.py",
}


def is_proof(test: str) -> bool:
    """Whether `make proofs` runs the test with this id."""
    return test in PROOFS or test.partition("::")[0] in PROOFS


def without_proof(path: str) -> bool:
    """Whether this is a test file, and `make proofs` runs nothing of it."""
    return path.endswith(".py") and not any(test.partition("::")[0] == path for test in PROOFS)
