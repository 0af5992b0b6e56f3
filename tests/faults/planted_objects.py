"""Planted bugs that would leave orphans, or touch what is not ours."""

from __future__ import annotations

from tests.faults.mutant import Mutant

PROVIDER = "providers/dynamic/provider.py"
OBJECTS = "providers/dynamic/objects.py"
LEFTOVERS = "providers/dynamic/leftovers.py"
RUNTIME = "providers/dynamic/runtime.py"

OBJECT_RULES: tuple[Mutant, ...] = (
    Mutant(
        "move a claim whose number is being bought",
        "§4 no second replacement",
        PROVIDER,
        'if (desired.get("searched") or desired.get("giveUp")) and observed.props["numbers"] != desired["numbers"]:',
        "if False:",
        "scenes",
    ),
    Mutant(
        "delete without reading first",
        "§4 every delete reads first",
        PROVIDER,
        'if recorded.get("tag") and observed.tag not in objects.tags_of(recorded):',
        "if False:",
        "contract",
    ),
    Mutant(
        "read gone from a wrong account",
        "§4 another account than the recorded one",
        RUNTIME,
        "if recorded and recorded != current and not self.allow_account_change:",
        "if False:",
    ),
    Mutant(
        "read gone after one empty list",
        "§4 gone only on a listing and a look-up",
        PROVIDER,
        "observed = listed or adapter.get(id_, scope)",
        "observed = listed",
        "scenes",
    ),
    Mutant(
        "an unmarked custom line goes with its protection ignored",
        "what no mark was applied to is not deleted",
        "providers/dynamic/protection.py",
        "    if removal == PROTECTED:",
        "    if False:",
    ),
    Mutant(
        "what cannot tell its mark goes",
        "what no mark was applied to is not deleted",
        "providers/dynamic/protection.py",
        "    if removal is None:",
        "    if False:",
    ),
    Mutant(
        "a state of an older version shows a mark that nobody set",
        "an upgrade shows no difference",
        "providers/dynamic/protection.py",
        "return {REMOVAL: PROTECTED, **recorded} if REMOVAL in desired else recorded",
        "return recorded",
    ),
    Mutant(
        "leave duplicates",
        "§4 several objects with one tag",
        PROVIDER,
        "            self._remove_duplicate(duplicate, desired)",
        "            pass",
        "scenes",
    ),
    Mutant(
        "take over what somebody else has tagged",
        "§1.4 foreign objects are never touched",
        OBJECTS,
        "if owner is not None and observed.tag not in tags_of(desired):",
        "if False:",
        "scenes",
    ),
    Mutant(
        "ours is any tag of Trunkline",
        "§1.4 a tag naming this fleet and this line",
        OBJECTS,
        "ours = [one for one in listing if one.tag and one.tag in tags]",
        "ours = [one for one in listing if one.tag and one.tag.endswith(tuple(tag[-3:] for tag in tags))]",
        "scenes",
    ),
    Mutant(
        "adopt without being asked",
        "§1.4 only where the line says adopt",
        OBJECTS,
        '    if not desired.get("adopt"):\n        raise Refusal(',
        "    if False:\n        raise Refusal(",
        "scenes",
    ),
    Mutant(
        "create again after no answer",
        "§4 unknown outcome: look again",
        OBJECTS,
        "            found = _look_again(runtime, kind, desired, error)",
        "            found = adapter.create(desired)",
        "scenes",
    ),
    Mutant(
        "full replace without overlay",
        "§4 what we do not manage stays",
        "providers/livekit/objects.py",
        "info = amend(self._kind.fields, current.raw, desired)",
        "info = amend(self._kind.fields, self._kind.info(), desired)",
        "contract",
    ),
    Mutant(
        "forget leftovers",
        "§4 leftovers are removed",
        LEFTOVERS,
        "        runtime.adapter(kind).delete(id_)\n",
        "        pass\n",
        "scenes",
    ),
    Mutant(
        "sweep other fleets",
        "§1.4 foreign objects are never touched",
        "providers/dynamic/ownership.py",
        'return parsed.owner if parsed and parsed.fleet == self.scope else ""',
        'return parsed.owner if parsed else ""',
        "scenes",
    ),
    Mutant(
        "sweep the trunk of a number that is paid for",
        "§4 its trunk stays, being the number's tag",
        LEFTOVERS,
        "if owner not in unclaimed\n    }",
        "if owner\n    }",
        "scenes",
    ),
    Mutant(
        "sweep what the state still has",
        "§1.3 the carrier is detached before LiveKit is removed",
        LEFTOVERS,
        "if name in known or (name not in waiting and ",
        "if name in known or (",
        "interruptions",
    ),
    Mutant(
        "give up on a leftover that is still used",
        "§1.1 always converge",
        LEFTOVERS,
        "if error.reason not in (Reason.CONFLICT, Reason.DEPENDENTS):",
        "if error:",
        "interruptions",
    ),
    Mutant(
        "sweep a living line that a stale list shows under its former name",
        "§4 every delete reads first",
        LEFTOVERS,
        " and tag.owner not in spared",
        "",
        "scenes",
    ),
)
