"""Planted bugs that would harm another stack of the fleet, or write what an upgrade must not."""

from __future__ import annotations

from tests.faults.mutant import Mutant

OWNERSHIP = "providers/dynamic/ownership.py"
SIBLINGS = "providers/dynamic/siblings.py"
STRANGERS = "providers/dynamic/strangers.py"
OBJECTS = "providers/dynamic/objects.py"
CHOICE = "providers/dynamic/choice.py"

STACKS: tuple[Mutant, ...] = (
    Mutant(
        "tag without the stack's name",
        "§1.4 a sibling stack's line is foreign",
        "trunkline/plan/spec.py",
        'return self.fleet if self.fleet.rpartition("/")[2] == self.stack else f"{self.fleet}/{self.stack}"',
        "return self.fleet",
    ),
    Mutant(
        "look for a borrowed trunk under our own name alone",
        "§3 others refer to a trunk's owner",
        "trunkline/plan/gate.py",
        'fact["scopes"] = list(site.scopes_of(trunk.owner))',
        'fact["scopes"] = [site.scope]',
    ),
    Mutant(
        "take the first of several borrowed trunks",
        "§3 others refer to a trunk's owner",
        SIBLINGS,
        "        if len(trunks) == 1 and domain in",
        "        if trunks and domain in",
    ),
    Mutant(
        "call out to a domain of our own making",
        "§3 others refer to a trunk's owner",
        SIBLINGS,
        'domain in (None, trunks[0].props["domainName"])',
        "trunks",
    ),
    Mutant(
        "take a trunk whose owner the file changes",
        "§1.4 a sibling stack's trunk is foreign",
        SIBLINGS,
        "        for one, owner, stranger in taken\n",
        "        for one, owner, stranger in taken[:0]\n",
    ),
    Mutant(
        "without a record the file of several stacks decides",
        "§1.4 ours under a shared name is what our record has",
        OWNERSHIP,
        'known = olds or (news if sharing["alone"] or sharing["retag"] else {})',
        "known = olds or news",
    ),
    Mutant(
        "with a record the file decides too",
        "§1.4 ours under a shared name is what our record has",
        OWNERSHIP,
        'known = olds or (news if sharing["alone"] or sharing["retag"] else {})',
        "known = news",
    ),
    Mutant(
        "a line that a sibling has not let go is made anew",
        "§1.4 a line that moves in the wrong order is refused",
        SIBLINGS,
        "for owner in sorted(owners_in(news) & tagged.keys())",
        "for owner in ()",
    ),
    Mutant(
        "sweep under a shared name",
        "§1.4 the rest is reported, never swept",
        "providers/dynamic/leftovers.py",
        "owner = survey.whose.scoped_owner_of(one.tag)",
        "owner = survey.owner_of(one.tag) or survey.whose.shared_owner_of(one.tag)",
    ),
    Mutant(
        "name nothing that is left under a shared name",
        "§1.4 the rest is reported",
        "providers/dynamic/notices.py",
        "for owner in sorted(tagged.keys() - set(known)):",
        "for owner in ():",
    ),
    Mutant(
        "an upgrade retags",
        "§1.7 an existing stack is taken over without a write",
        OBJECTS,
        '        if olds.get("tag") == shared:',
        "        if not shared:",
    ),
    Mutant(
        "a state that is taken back retags",
        "§1.5 a lost state costs nothing",
        OBJECTS,
        'return {**desired, "tag": tag} if tag and tag == desired.get("sharedTag") else desired',
        "return desired",
    ),
    Mutant(
        "an upgrade changes the Fleet's record",
        "§1.7 an upgrade shows no difference",
        "providers/dynamic/fleet.py",
        'if whose.shared and (whose.retags or "scope" in olds or inputs != olds):',
        "if whose.shared:",
    ),
    Mutant(
        "a renamed stack begins anew",
        "§4 another fleet than the recorded one",
        "providers/dynamic/verdict.py",
        'if before == now or (olds["fleet"] == now and olds.get("scope", scope) == scope):',
        'if before == now or olds["fleet"] == now:',
    ),
    Mutant(
        "refuse the long names that are there",
        "§1.7 an existing stack is taken over without a write",
        SIBLINGS,
        "new = owners_in(news) - (frozenset() if survey.whose.retags else survey.whose.accepted)",
        "new = owners_in(news)",
    ),
    Mutant(
        "adopt what a sibling has",
        "§1.4 never adopted, even with adopt",
        CHOICE,
        "            if holder is not None:\n",
        '            if holder is not None and not wish["adopt"]:\n',
    ),
    Mutant(
        "release a Vonage number that a sibling has by now",
        "§1.4 never released",
        STRANGERS,
        'for kind in ("InboundTrunk", "OutboundTrunk"):',
        "for kind in ():",
    ),
    Mutant(
        "take what a sibling bought while our answer was lost",
        "§1.4 never taken",
        "providers/dynamic/purchase.py",
        "        else:\n            strangers.refuse(run, carrier, owned, desired)\n",
        "",
    ),
    Mutant(
        "choose what a sibling has claimed",
        "§1.1 no number given out twice",
        "providers/dynamic/fleet.py",
        "theirs = chooser.survey.spoken_for()",
        "theirs = frozenset()",
    ),
    Mutant(
        "wait for ever for a number that a sibling got",
        "§1.1 always converge",
        CHOICE,
        'lost = set() if old.get("held") else self._lost(',
        "lost = set() if True else self._lost(",
    ),
    Mutant(
        "leave to nobody what was half made when its line moved",
        "§1.1 never leave an orphan",
        "providers/dynamic/leftovers.py",
        "if owner not in moved or not survey.is_complete(owner)}",
        "if owner not in moved}",
    ),
)
