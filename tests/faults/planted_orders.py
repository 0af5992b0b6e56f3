"""Planted bugs that would buy a second number for a line while its first is on order."""

from __future__ import annotations

from tests.faults.mutant import Mutant

NUMBER = "providers/dynamic/number.py"
CLAIMS = "providers/dynamic/claims.py"
CHOICE = "providers/dynamic/choice.py"

ORDERS: tuple[Mutant, ...] = (
    Mutant(
        "pick another number while the claimed one may be on order",
        "§4 a claim moves only on proof",
        CHOICE,
        "        if asked is not None:\n",
        "        if asked is not None and carrier.offered(E164(asked.number)):\n",
        suite="orders",
    ),
    Mutant(
        "forget a recorded order whose claim is gone",
        "§4 a claim moves only on proof",
        CHOICE,
        'if not claims and old.get("ordered"):',
        "if False:",
        suite="orders",
    ),
    Mutant(
        "take every refusal for proof",
        "§4 after a kill no carrier's answer counts",
        CLAIMS,
        "    first = (claim.id, number) in runtime.claimed and not is_noted(claim, AGAIN, number)",
        "    first = True",
        suite="orders",
    ),
    Mutant(
        "a purchase by another process leaves no note",
        "§4 a claim moves only on proof",
        CLAIMS,
        "        _note(runtime, kind, claim, AGAIN, number)",
        "        pass",
        suite="orders",
    ),
    Mutant(
        "forget that another process has sent a purchase too",
        "§4 a claim moves only on proof",
        CLAIMS,
        'not has_number(claim.props["numbers"], number) or is_noted(claim, AGAIN, number):',
        'not has_number(claim.props["numbers"], number):',
        suite="orders",
    ),
    Mutant(
        "lose the notes with an edit of the line",
        "§4 a claim moves only on proof",
        "providers/dynamic/provider.py",
        "adapter.update(observed, objects.keeping_notes(observed, managed))",
        "adapter.update(observed, managed)",
        suite="orders",
    ),
    Mutant(
        "never believe a refusal",
        "§4 the sole purchase that was seen to be refused is proof",
        CHOICE,
        "for one in claims if not one.is_unavailable]",
        "for one in claims]",
        suite="orders",
    ),
    Mutant(
        "buy what is on order",
        "§4 what is on order is not bought",
        NUMBER,
        'elif not desired.get("ordered"):',
        "else:",
        suite="orders",
    ),
    Mutant(
        "say that a number vanished which was never seen",
        "§4 ordered is not vanished",
        NUMBER,
        'unseen = ORDERED if recorded.get("status") == ORDERED else VANISHED',
        "unseen = VANISHED",
        suite="orders",
    ),
    Mutant(
        "give up a number that has come",
        "§4 give_up is refused where the number is there",
        CHOICE,
        "        self._refuse_to_give_up(name, wish, old)\n",
        "",
        suite="orders",
    ),
    Mutant(
        "give up any number",
        "§4 give_up names the number",
        CHOICE,
        "if one.number != self.given_up(name))",
        "if not self.given_up(name))",
        suite="orders",
    ),
    Mutant(
        "a line on order leaves the file unmarked",
        "§4 what may be on order is not withdrawn",
        "providers/dynamic/verdict.py",
        'waits = name in awaited or settled.get(name) == ""',
        "waits = False",
        suite="orders",
    ),
    Mutant(
        "the guard forgets what is on order",
        "§4 the guard counts what may be on order",
        CHOICE,
        "return self.renews or (self.acquisition == PURCHASE and not self.held)",
        "return self.renews or (self.acquisition == PURCHASE and not self.held and not self.ordered)",
        suite="orders",
    ),
    Mutant(
        "take the answer to a purchase for a number in the account",
        "§4 what look-ups do not show is on order",
        "providers/twilio/numbering.py",
        "        if seen is None:\n",
        "        if False:\n",
        suite="orders",
    ),
    Mutant(
        "promise the number of a sample",
        "§4 an unpinned preview shows a candidate",
        CHOICE,
        "candidate=carrier.samples)",
        "candidate=False)",
        suite="orders",
    ),
    Mutant(
        "take a pending number for an active one",
        "§6 pending is a status of its own",
        "providers/dynamic/purchase.py",
        'return {"status": PENDING, "waitingFor": owned.pending} if owned.pending else {"status": OWNED}',
        'return {"status": OWNED}',
        suite="orders",
    ),
    Mutant(
        "a lagging routing fails the line",
        "§4 an order fails nothing",
        "providers/dynamic/purchase.py",
        "        if error.reason is not Reason.NOT_FOUND:\n            raise\n        _tell",
        "        raise\n        _tell",
        suite="orders",
    ),
)
