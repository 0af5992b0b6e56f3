"""Planted bugs in moves: to another LiveKit project, another account, another carrier."""

from __future__ import annotations

from tests.faults.mutant import Mutant

ACCOUNTS = "providers/dynamic/accounts.py"
NUMBER = "providers/dynamic/number.py"
PROVIDER = "providers/dynamic/provider.py"
UNCHANGING = "providers/dynamic/unchanging.py"

MOVES: tuple[Mutant, ...] = (
    Mutant(
        "calls are sent to another project before its rules stand",
        "§1 a call finds its agent at every moment",
        "trunkline/plan/compile.py",
        "    every = site.allow_account_change",
        "    every = False",
        "moves",
    ),
    Mutant(
        "without a refresh LiveKit moves one update later",
        "§1 a call finds its agent at every moment",
        PROVIDER,
        "(self._is_elsewhere(olds) or _claims_elsewhere(olds, news))",
        "_claims_elsewhere(olds, news)",
        "moves",
    ),
    Mutant(
        "an object of the former project is looked for in the new one",
        "§1 a call finds its agent at every moment",
        PROVIDER,
        "        if self._is_elsewhere(recorded):",
        "        if False:",
        "moves",
    ),
    Mutant(
        "what a move leaves behind is not named",
        "§1 never leave an orphan",
        ACCOUNTS,
        "        if left := sorted(set(known) - there):",
        "        if (left := sorted(set(known) - there)) and False:",
        "moves",
    ),
    Mutant(
        "what still is at LiveKit is said to be left behind",
        "§1 what is shown is what is",
        ACCOUNTS,
        "sorted(set(known) - there)",
        "sorted(set(known))",
        "moves",
    ),
    Mutant(
        "a port is carried out before its number is there",
        "§1 a call finds its agent at every moment",
        UNCHANGING,
        'if chooser.owned(line.wish["provider"], line.holds) is None]',
        "if False]",
        "moves",
    ),
    Mutant(
        "another carrier is taken for a port without a word",
        "§4 a line's provider never changes by itself",
        UNCHANGING,
        'return self.moves and ported_from == self.old["provider"] and self.says == self.holds',
        "return self.moves and self.says == self.holds",
        "moves",
    ),
    Mutant(
        "a ported number is looked for where it was",
        "§1 a call finds its agent at every moment",
        NUMBER,
        '_look_up(run, inputs["provider"], olds["phoneNumber"])',
        '_look_up(run, olds["provider"], olds["phoneNumber"])',
        "moves",
    ),
    Mutant(
        "a ported number keeps its former price",
        "§1 what is shown is what is",
        "providers/dynamic/choice.py",
        'known = old if old.get("provider", wish["provider"]) == wish["provider"] else {}',
        "known = old",
        "moves",
    ),
    Mutant(
        "a ported number is claimed at its former carrier",
        "§1 the live systems are the ledger",
        PROVIDER,
        "(self._is_elsewhere(olds) or _claims_elsewhere(olds, news))",
        "self._is_elsewhere(olds)",
        "moves",
    ),
    Mutant(
        "a number that moved stays recorded in its former account",
        "§4 another account than the recorded one",
        NUMBER,
        "        if _is_elsewhere(olds, news):",
        "        if False:",
        "moves",
    ),
    Mutant(
        "the former carrier's trunk goes from under a ported number",
        "§1 a call finds its agent at every moment",
        "providers/dynamic/siblings.py",
        "((provider, number) in ours or number in leaving)",
        "(number in wanted.values() or number in leaving)",
        "moves",
    ),
    Mutant(
        "what the former carrier shows yet is not named",
        "§1 what is shown is what is",
        "providers/dynamic/notices.py",
        "if own else ():",
        "if False else ():",
        "moves",
    ),
    Mutant(
        "trunks between which numbers move are written at once",
        "a number is in one trunk, and every number in one",
        "providers/dynamic/homes.py",
        "        with runtime.exchange:\n",
        "        if True:\n",
    ),
    Mutant(
        "a number leaves its trunk in an update without the Fleet",
        "a number stays until the trunk that takes it is made",
        "providers/dynamic/homes.py",
        "        if runtime.wanted is None\n",
        "        if False\n",
    ),
    Mutant(
        "a move that failed is forgotten",
        "a line that left its trunk half-way goes on",
        "providers/dynamic/homes.py",
        "    standing = _shared_with(survey, number) if survey and _is_recorded(names, recorded, number) else ()\n",
        "    standing: tuple[str, ...] = ()\n",
    ),
    Mutant(
        "a trunk that is taken back leaves numbers where they stood",
        "a number is in one trunk, and every number in one",
        "providers/dynamic/objects.py",
        "    fresh = homes.gather(runtime, kind.name, fresh, managed)\n",
        "",
    ),
)
