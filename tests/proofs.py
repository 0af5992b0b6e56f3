"""The long walks, which `make proofs` runs in place of `make test`; ADR 28 says why they stand apart.

A test is in exactly one of the two: in `make proofs` if its file, its function or its own id stands here, else in
`make test`. Beside each stands the file of `make test` that shows the same of less: on a model of the engine, or at
fewer points.
"""

from __future__ import annotations

from collections.abc import Mapping

MARK = "proof"

# What is cut in two stands beside the other part of its own file.
_BACKENDS = "backends.py::test_a_run_killed_between_purchase_and_save_is_healed_and_buys_each_number_once"
_FAULTS: Mapping[str, str] = {
    f"{_BACKENDS}[gzip-saved at the end]": "backends",
    f"{_BACKENDS}[zstd-saved at each step]": "backends",
    f"{_BACKENDS}[s3-saved at the end]": "backends",
    f"{_BACKENDS}[postgres-saved at each step]": "backends",
    "kills.py::test_a_run_killed_at_any_write_is_healed_by_two_more_and_the_next_writes_nothing[what costs nothing]": (
        "kills"
    ),
    "mutants.py::test_a_planted_bug_for_each_quick_suite_is_found[the rest]": "mutants",
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
    "callers": "tests/dynamic/test_caller_rules.py",
    "component_told": "tests/unit/test_component.py",
    "fallback": "tests/dynamic/test_fallbacks.py",
    "left_out": "tests/dynamic/test_verbs.py",
    "livekit_numbers": "tests/dynamic/test_livekit_numbers.py",
    "neighbours": "tests/dynamic/test_neighbours.py",
    "orders": "tests/dynamic/test_orders.py",
    "outer_wall": "tests/dynamic/test_outer_wall.py",
    "owner_destroyed": "tests/dynamic/test_carried.py",
    "parts": "tests/unit/inventory/test_parts.py",
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
    "verbs_rare": "tests/dynamic/test_moved_entries.py",
    "verbs_stopped": "tests/faults/test_interruptions.py",
    "verbs_surgery": "tests/dynamic/test_state_surgery.py",
}
_OF_ENGINE: Mapping[str, tuple[str, ...]] = {
    "ci": ("test_the_pipeline_of_gitlab_and_the_action_run",),
    "component": (
        "test_a_move_from_our_program_and_a_rename_change_nothing_and_a_second_fleet_is_refused",
        "test_a_number_that_its_account_lost_is_not_bought_again",
    ),
    "drift": (
        "test_a_vanished_number_is_shown_by_every_preview_and_never_bought_by_itself",
        "test_repurchase_buys_the_very_same_number_again_once",
        "test_after_each_repair_a_preview_shows_no_change",
    ),
    "log_length": (
        "test_so_is_that_of_a_first_update[up without a preview]",
        "test_that_of_a_destroy_without_diff_has_the_engine_s_lines_of_what_it_reads_beside",
        *(
            f"test_the_log_of_a_wrong_credential_is_short[{vendor}-{command}]"
            for vendor, commands in {
                "twilio": ("up", "up without a preview", "refresh"),
                "vonage": ("preview", "up without a preview", "destroy"),
                "livekit": ("preview", "up", "refresh", "destroy"),
            }.items()
            for command in commands
        ),
    ),
    "no_lines": ("test_a_stack_that_never_had_a_line_is_updated_again_and_again",),
    "outputs": ("test_a_line_whose_removal_fails_at_the_vendor_is_told_until_it_is_gone[number]",),
    "secrets": tuple(
        f"test_{test}[configuration]"
        for test in (
            "no_secret_is_found_in_anything_that_was_printed_or_written",
            "a_recording_is_read_in_the_state_but_for_its_secrets",
            "at_the_highest_verbosity_only_the_engine_s_own_lines_tell_a_secret",
            "at_the_highest_verbosity_no_line_tells_a_secret",
            "the_failures_were_told",
            "what_a_vendor_repeats_is_told_without_its_secrets",
            "the_search_looked_at_every_kind_of_place",
        )
    ),
}
_SCALE = "tests/dynamic/test_scale.py"
PROOFS: Mapping[str, str] = {
    **{f"tests/faults/test_{test}": f"tests/faults/test_{beside}.py" for test, beside in _FAULTS.items()},
    **{f"tests/engine/test_engine_{subject}.py": beside for subject, beside in _ENGINE.items()},
    **{
        f"tests/engine/test_engine_{subject}.py::{test}": f"tests/engine/test_engine_{subject}.py"
        for subject, tests in _OF_ENGINE.items()
        for test in tests
    },
    **{
        f"{_SCALE}::test_four_times_the_lines_cost_a_run_about_four_times_as_much[{lines}]": _SCALE
        for lines in ("vonage", "custom")
    },
    "tests/docs/test_real_output.py": "tests/docs/test_readme.py",
    "tests/docs/test_start.py::test_a_new_account_has_its_first_number": "tests/docs/test_start.py",
    "tests/toy/test_leaving.py": "tests/toy/test_toy_carrier.py",
    "tests/toolchain/test_engine.py": "tests/toolchain/test_language_host.py",
}


def is_proof(test: str) -> bool:
    """Whether `make proofs` runs the test with this id."""
    return not PROOFS.keys().isdisjoint({test, test.partition("[")[0], test.partition("::")[0]})


def without_proof(path: str) -> bool:
    """Whether this is a test file, and `make proofs` runs nothing of it."""
    return path.endswith(".py") and not any(test.partition("::")[0] == path for test in PROOFS)
