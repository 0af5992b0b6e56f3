"""Planted bugs in the gate, in the choice of numbers and in the order of resources."""

from __future__ import annotations

from tests.faults.mutant import Mutant

FLEET = "providers/dynamic/fleet.py"
EXAMINATION = "providers/dynamic/examination.py"
CHOICE = "providers/dynamic/choice.py"
VERDICT = "providers/dynamic/verdict.py"
DEPARTURES = "providers/dynamic/departures.py"
SURVEY = "providers/dynamic/survey.py"

GATE: tuple[Mutant, ...] = (
    Mutant(
        "an older version works on a newer one's record",
        "§4 refused before any write",
        "providers/dynamic/record_form.py",
        "if form <= known():",
        "if form:",
    ),
    Mutant(
        "an unmarked removal goes through",
        "§4 refused before any write",
        DEPARTURES,
        'if old["removal"] == "protect" and (waits or established):',
        "if False:",
    ),
    Mutant(
        "an older commit buys a renamed line a second number",
        "§1.1 a line is charged once",
        DEPARTURES,
        "elif back and (waits or established):",
        "elif False:",
    ),
    Mutant(
        "forget a name that the file says no more",
        "§1.1 a line is charged once",
        DEPARTURES,
        "return sorted({*former_names(old)} - {name,",
        "return sorted(set[str]() - {name,",
    ),
    Mutant(
        "hold a line to an adoption that took nothing",
        "§4 what was never finished is withdrawn",
        SURVEY,
        '        if line.get("adopt") and settled.get(name) != number:\n',
        "        if False:\n",
    ),
    Mutant(
        "withdraw an adoption whose write may be under way",
        "§1.3 a call finds its agent",
        SURVEY,
        "any(map(self.owner_of, [owned.tag, *tags] if owned else tags))",
        "bool(owned and self.owner_of(owned.tag))",
    ),
    Mutant(
        "a changed number goes through",
        "§4 a line's number never changes",
        "providers/dynamic/unchanging.py",
        "return bool(self.says and self.says != self.holds and (self.came or may_come))",
        "return False",
    ),
    Mutant(
        "another account goes through",
        "§4 another account than the recorded one",
        "providers/dynamic/accounts.py",
        'if news.get("allowAccountChange"):',
        "if True:",
        "scenes",
    ),
    Mutant(
        "a mistyped SIP host goes through",
        "§3 another SIP host than the recorded one",
        "providers/dynamic/accounts.py",
        "if not now or not known or now.lower() in {host.lower() for host in known}:",
        "if True:",
    ),
    Mutant(
        "an upgrade records the SIP host as a change of its own",
        "an upgrade writes nothing",
        "providers/dynamic/accounts.py",
        "if host and (SIP_HOST in olds or inputs != olds) else inputs",
        "if host else inputs",
    ),
    Mutant(
        "the guard counts nothing", "§4 guard limits", VERDICT, 'if len(buys) > guard["maxPurchases"]:', "if False:"
    ),
    Mutant(
        "the guard looks after the first write",
        "§4 the gate refuses before the first write",
        FLEET,
        'return CheckResult(inputs, [CheckFailure("", refusal) for refusal in refusals])',
        "return CheckResult(inputs, [])",
    ),
    Mutant(
        "a number of another line goes through",
        "§4 a number that another line holds",
        VERDICT,
        "reasons += [_held_by_line(name, choice.number, other) for other in dict.fromkeys(others)]",
        "",
        "scenes",
    ),
    Mutant(
        "pick another number in every run",
        "§4 what was chosen stays chosen",
        CHOICE,
        "        for number in dict.fromkeys((*claimed, *((chosen,) if chosen else ()))):",
        "        for number in ():",
        "scenes",
    ),
    Mutant(
        "trust the first listing after a search",
        "§4 after any search list again",
        EXAMINATION,
        "        survey = Survey.take(run, update.whose, needed, before=survey)\n",
        "        pass\n",
        "scenes",
    ),
    Mutant(
        "a refusal without the line's place",
        "a refusal about a line begins with its place",
        VERDICT,
        'return f"{at}: {text}" if at else text',
        "return text",
    ),
    Mutant(
        "a renamed line's own choice counts as another line's",
        "what a line chose under its former name is its own",
        "providers/dynamic/choosing.py",
        "*settled.difference(own[name])",
        "*settled",
    ),
    Mutant(
        "a carrier that nothing uses stops the update",
        "what nothing uses stops nothing",
        "providers/dynamic/reach.py",
        "            if vendor in needed:",
        "            if True:",
    ),
    Mutant(
        "a carrier in use is passed over",
        "what is used and does not answer stops the update",
        "providers/dynamic/reach.py",
        "            if vendor in needed:",
        "            if False:",
    ),
    Mutant(
        "route before the agent is mapped",
        "§1.3 a call finds its agent",
        "trunkline/plan/lines.py",
        "specs.append(_dispatch_rule(group, inventory, after=tuple(spec.key for spec in specs)))",
        "pass",
    ),
    Mutant(
        "take a number for a line of its own before all that its rule waits for stands",
        "§1.3 a call finds its agent",
        "trunkline/plan/lines.py",
        "        specs.append(_inbound_trunk(group, after=tuple(spec.key for spec in specs)))",
        "        specs.append(_inbound_trunk(group, after=()))",
        "offline",
    ),
)
