"""Planted bugs that the simulation's lags and bystanders have found first."""

from __future__ import annotations

from tests.faults.mutant import Mutant

UNSEEN: tuple[Mutant, ...] = (
    Mutant(
        "take a number that no answer shows for released",
        "§4 gone only on a listing and a look-up",
        "providers/dynamic/release.py",
        "        _let_go_unseen(run, carrier, number, recorded)",
        "        pass",
    ),
    Mutant(
        "leave a number on our trunk that is shown as it was before it was ours",
        "§1.4 no call goes where nobody answers",
        "providers/dynamic/release.py",
        "done = _leave_our_trunk(run, carrier, owned, recorded)",
        'done = "it was left as it is"',
    ),
    Mutant(
        "take a number off our trunk that a sibling has there by now",
        "§1.4 foreign objects are never touched",
        "providers/dynamic/release.py",
        "taken = strangers.claimant(run, owned, recorded) if differs else None",
        "taken = None",
        suite="orders",
    ),
    Mutant(
        "believe one look-up that shows a number without a tag as routed already",
        "§1.4 no call goes where nobody answers",
        "providers/vonage/numbering.py",
        "if routed.raw != current.raw or routed.props != owned.props or callback is not None:",
        "if routed.raw != current.raw or callback is not None:",
        suite="orders",
    ),
    Mutant(
        "refuse a line's own number since somebody else's trunk has it too",
        "§1.5 a lost state costs nothing",
        "providers/dynamic/verdict.py",
        'if not (wish["adopt"] or has_trunk):',
        'if not wish["adopt"]:',
    ),
    Mutant(
        "give a line that is put back another number than the state has",
        "§4 what was chosen stays chosen",
        "providers/dynamic/examination.py",
        "chooser = Chooser(survey=survey, olds=known,",
        "chooser = Chooser(survey=survey, olds=update.olds,",
    ),
    Mutant(
        "add the line's agent to a rule of several that a killed run has adopted for another one",
        "§1.4 adoption takes exactly what the line names",
        "providers/dynamic/adoption.py",
        "if match.new or not self._is_recorded(match.wanted):",
        "if match.new:",
        suite="adoption",
    ),
)
