"""The suites that planted bugs run in, the quick ones first."""

from __future__ import annotations

from dataclasses import dataclass

SEEDS = 500


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests to run in a copy; `command` are arguments of Python."""

    name: str
    command: tuple[str, ...]


def _pytest(*paths: str) -> tuple[str, ...]:
    return ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *paths)


def _dynamic(*subjects: str) -> tuple[str, ...]:
    return _pytest(*(f"tests/dynamic/test_{subject}.py" for subject in subjects))


SUITES: tuple[Suite, ...] = (
    Suite(
        "offline",
        _pytest(
            "tests/unit/inventory/test_advice.py",
            "tests/unit/inventory/test_borrowing.py",
            "tests/unit/inventory/test_encryption.py",
            "tests/unit/inventory/test_secret_keys.py",
            "tests/unit/test_settings.py",
            *(f"tests/unit/plan/test_plan_{subject}.py" for subject in ("reach", "credentials", "compile")),
        ),
    ),
    Suite(
        "parts",
        _pytest(
            "tests/unit/inventory/test_parts.py",
            "tests/unit/inventory/test_by_stack.py",
            "tests/unit/cli/test_edit_parts.py",
        ),
    ),
    Suite(
        "fields",
        _dynamic(
            "livekit_fields",
            "recordings",
            "called_numbers",
            "twilio_fields",
            "termination_hosts",
            "emergency_addresses",
            "status_callbacks",
        ),
    ),
    Suite(
        "fallback",
        _pytest(
            "tests/dynamic/test_fallbacks.py",
            "tests/dynamic/test_fallbacks_adopted.py",
            "tests/unit/inventory/test_fallback.py",
        ),
    ),
    Suite(
        "callers",
        _pytest(
            "tests/unit/inventory/test_caller_rules.py",
            "tests/dynamic/test_caller_rules_adopted.py",
            "tests/dynamic/test_caller_rules.py",
        ),
    ),
    Suite(
        "own numbers",
        _pytest(
            "tests/unit/inventory/test_livekit_lines.py",
            "tests/contract/test_livekit_numbers.py",
            "tests/contract/test_livekit_numbers_told_briefly.py",
            "tests/dynamic/test_livekit_numbers.py",
            "tests/dynamic/test_livekit_numbers_killed.py",
        ),
    ),
    Suite(
        "host",
        _pytest(
            "tests/unit/test_ending.py",
            "tests/unit/test_waiting.py",
            "tests/contract/test_turns.py",
            "tests/wire/test_wire_workers.py",
            "tests/dynamic/test_verification.py",
        ),
    ),
    Suite("component", _pytest("tests/unit/test_component.py")),
    Suite(
        "orders",
        _dynamic(
            "orders_given_up",
            "orders",
            "orders_refused",
            "orders_left",
            "orders_put_back",
            "orders_told",
            "pending",
            "candidates",
            "unseen",
            "chosen_numbers",
        ),
    ),
    Suite(
        "adoption",
        _dynamic(
            "adoption",
            "adoption_kept",
            "adoption_limits",
            "adoption_walls",
            "adoption_agents",
            "adoption_at_carriers",
            "adoption_sharing",
            "adoption_secure",
            "adoption_ended",
            "adoption_unseen",
            "adoption_shown",
            "giving_up",
            "narrowed",
        ),
    ),
    Suite("dump", _pytest(*(f"tests/dump/test_{subject}.py" for subject in ("file", "selection", "fields", "proof")))),
    Suite(
        "comparison",
        _pytest(
            "tests/comparison",
            "tests/dynamic/test_audited.py",
            "tests/dynamic/test_changed_outside.py",
            "tests/dynamic/test_importing.py",
        ),
    ),
    Suite(
        "editing",
        _pytest(
            "tests/unit/edit",
            "tests/unit/cli/test_edit.py",
            "tests/unit/cli/test_history.py",
            "tests/unit/explain",
            "tests/dynamic/test_explained.py",
        ),
    ),
    Suite(
        "neighbours",
        _dynamic(
            "neighbours", "neighbour_trunks", "neighbours_at_carriers", "own_number_neighbours", "accepted", "untagged"
        ),
    ),
    Suite("stacks", _dynamic("shared_fleet_name", "stacks", "carried", "moving", "searches_that_move")),
    Suite("sharing", _dynamic("sharing", "outer_wall", "trunk_renaming", "idle_trunks", "crossing")),
    Suite(
        "verbs", _dynamic("verbs", "replaced", "state_surgery", "applied", "moved_entries", "detached", "unrecorded")
    ),
    Suite(
        "approval",
        _pytest(
            *(f"tests/dynamic/test_{subject}.py" for subject in ("approved", "approved_moves", "speech")),
            "tests/unit/approval",
            "tests/unit/review",
            "tests/unit/test_settings.py",
        ),
    ),
    Suite("asking", _dynamic("asking", "side_by_side")),
    Suite("moves", _dynamic("project_move", "account_move", "porting")),
    Suite(
        "telling",
        _pytest(
            *(
                f"tests/dynamic/test_{subject}.py"
                for subject in (
                    "named_part",
                    "access",
                    "edits_told",
                    "named_file",
                    "places",
                    "telling",
                    "misplaced_secrets",
                )
            ),
            "tests/unit/test_redaction.py",
            "tests/unit/inventory/test_instead.py",
            "tests/unit/inventory/test_advice.py",
            *(
                f"tests/contract/test_{subject}.py"
                for subject in ("echoes", "debug", "whose_fault", "dripping", "clocks")
            ),
            "tests/contract/test_carriers_lists.py",
        ),
    ),
    Suite("api", _pytest(*(f"tests/state/test_{subject}.py" for subject in ("unlisted", "overlay", "pins")))),
    Suite(
        "doors",
        _pytest(
            *(
                f"tests/api/test_{subject}.py"
                for subject in ("networks", "keys", "key_sets", "key_choice", "csv", "tokens")
            )
        ),
    ),
    Suite("outlet", _pytest("tests/api/test_log_outlet.py")),
    Suite(
        "looks",
        _pytest(
            *(f"tests/state/test_{subject}.py" for subject in ("locks", "unknown_form", "records_that_begin_later"))
        ),
    ),
    Suite("answers", _pytest("tests/api/test_access.py", "tests/api/test_then.py", "tests/api/test_past.py")),
    Suite("clients", _pytest(*(f"tests/api/test_{subject}.py" for subject in ("malformed", "slow_clients", "crowds")))),
    Suite("dynamic", _pytest("tests/dynamic")),
    Suite("scenes", _pytest("tests/faults/test_scenes.py", "tests/faults/test_walls.py")),
    Suite("interruptions", _pytest("tests/faults/test_interruptions.py")),
    Suite("contract", _pytest("tests/contract")),
    Suite(
        "simulation",
        ("-m", "tests.faults.campaign", "--seeds", str(SEEDS), "--processes", "1", "--stop", "--explain", "0"),
    ),
)
