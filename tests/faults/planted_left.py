"""Planted bugs in what becomes of things whose line has left the file, or has another name or number."""

from __future__ import annotations

from tests.faults.mutant import Mutant

CLAIMS, LEFTOVERS = "providers/dynamic/claims.py", "providers/dynamic/leftovers.py"
RELEASE, GIVING_UP = "providers/dynamic/release.py", "providers/dynamic/giving_up.py"
_ORDERS = "an order whose line has left the file is named when it comes"
_ONE = "a line that is put back has the number that was asked for, and no second"

LEFT: tuple[Mutant, ...] = (
    Mutant(
        "an order that no line has is given a day and loses its claim at once",
        _ORDERS,
        LEFTOVERS,
        "waits.get(owner, 0) > now - PATIENCE",
        "waits.get(owner, 0) > now",
        "orders",
    ),
    Mutant(
        "what an order has left waits for ever",
        "what a killed run left goes",
        LEFTOVERS,
        "waits.get(owner, 0) > now - PATIENCE",
        "waits.get(owner, 0)",
        "orders",
    ),
    Mutant(
        "a claim does not say that its number carries no tag",
        _ORDERS,
        CLAIMS,
        '    return tuple(f"{UNTAGGED}={number}" for number in desired["numbers"])',
        "    return ()",
        "orders",
    ),
    Mutant(
        "a claim does not say that a search picked its number",
        _ONE,
        CLAIMS,
        'for number in desired["numbers"]) if desired.get("searched") else ()',
        'for number in desired["numbers"]) if False else ()',
        "orders",
    ),
    Mutant(
        "a line that leaves takes the claim of its searched number along",
        _ONE,
        CLAIMS,
        'if runtime.carrier(provider).keeps_tags and not recorded.get("searched"):',
        "if runtime.carrier(provider).keeps_tags:",
        "orders",
    ),
    Mutant(
        "a claim that moves does not say that its new number carries no tag",
        _ORDERS,
        CLAIMS,
        'return {**wanted, "tag": with_notes(wanted["tag"], new)} if new else wanted',
        "return wanted",
        "orders",
    ),
    Mutant(
        "an order that the carrier does not know yet counts as given back",
        _ORDERS,
        RELEASE,
        '        if recorded["removal"] == "release" and is_nobodys and _release(run, carrier, unseen):\n',
        '        if recorded["removal"] == "release" and is_nobodys and (_release(run, carrier, unseen) or True):\n',
        "orders",
    ),
    Mutant(
        "a line that is put back after its number was detached is refused half-way",
        "§1.1 always converge",
        "providers/dynamic/purchase.py",
        'is_back = Tag.parse(owned.tag) is None and desired["line"] in run.returning',
        "is_back = False",
        "orders",
    ),
    Mutant(
        "forget a number after one empty look-up",
        "§4 gone only on a listing and a look-up",
        RELEASE,
        'recorded["line"], _to_let_go(run, carrier, number, recorded)',
        'recorded["line"], carrier.find(number)',
        "orders",
    ),
    Mutant(
        "delete a credential list with the users of others",
        "what others have put into an object of ours stays",
        GIVING_UP,
        '    if kind == "CredentialList":\n',
        "    if False:\n",
        "adoption",
    ),
    Mutant(
        "take a credential list with the users of others off its trunk",
        "what others have put into an object of ours stays",
        GIVING_UP,
        '    if kind == "TrunkCredentialList" and _guests(runtime, observed.id):\n',
        "    if False:\n",
        "adoption",
    ),
    Mutant(
        "nothing stands beside the trunk of a line that takes another number",
        "what takes our calls is named in every preview",
        "providers/dynamic/neighbours/calls_in.py",
        "        if trunk is None and (own := ",
        "        if False and (own := ",
        "orders",
    ),
    Mutant(
        "a renamed trunk is made anew",
        "a trunk is renamed in place",
        "trunkline/carriers/twilio.py",
        'moved_from = (("", trunk.renamed_from),) if trunk.renamed_from else ()',
        "moved_from = ()",
        "sharing",
    ),
    Mutant(
        "a further credential list keeps the trunk's former name",
        "two credentials overlap while LiveKit changes",
        "providers/dynamic/rotation.py",
        "        if one.tag in names and former != tag:\n",
        "        if False:\n",
        "sharing",
    ),
    Mutant(
        "a credential that was changed in place goes with its former entry",
        "two credentials overlap while LiveKit changes",
        "providers/dynamic/credential.py",
        "if rotation.is_sole(run, recorded, _id):",
        "if False:",
    ),
    Mutant(
        "the twin of a removed object is not noted",
        "§4 leftovers",
        "providers/dynamic/leftovers.py",
        "objects=tuple(sorted([*twins, *(name",
        "objects=tuple(sorted([*(name",
    ),
    Mutant(
        "do not say whose trunk a credential stays for",
        "a message names the place",
        "providers/dynamic/rotation.py",
        "call out with it ({named}).",
        "call out with it.",
    ),
)
