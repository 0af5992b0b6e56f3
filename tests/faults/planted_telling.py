"""Planted bugs in what is told of a fault, and in what is kept out of it."""

from __future__ import annotations

from tests.faults.mutant import Mutant

TELLING: tuple[Mutant, ...] = (
    Mutant(
        "a traceback repeats the stack's secrets",
        "§1.6 no secret in clear",
        "providers/dynamic/diagnostics.py",
        "runtime.redacted(traceback.format_exc())",
        "traceback.format_exc()",
    ),
    Mutant(
        "a notice repeats the stack's secrets",
        "§1.6 no secret in clear",
        "providers/dynamic/runtime.py",
        'sys.stderr.write(f"{redacted(worded(text))}\\n")',
        'sys.stderr.write(f"{text}\\n")',
    ),
    Mutant(
        "a carrier's words are shown as they are",
        "§1.6 no secret in clear",
        "providers/rest.py",
        "_redacted(body or {}, self._hiding(question))",
        "body or {}",
        "contract",
    ),
    Mutant(
        "LiveKit's words are shown as they are",
        "§1.6 no secret in clear",
        "providers/livekit/refusals.py",
        "hide(words[:TEXT_LENGTH])",
        "words[:TEXT_LENGTH]",
        "contract",
    ),
    Mutant(
        "a token for LiveKit lives six hours",
        "§1.6 a token that leaks is worthless soon",
        "providers/livekit/connection.py",
        '"exp": made + TOKEN_SECONDS',
        '"exp": claims["exp"]',
        "contract",
    ),
    Mutant(
        "a defect of ours is called the vendor's answer",
        "a defect is told as one",
        "providers/sdk_session.py",
        "            if is_defect(error):",
        "            if False:",
        "contract",
    ),
    Mutant(
        "a vendor that fails is asked again for each resource",
        "one cause, one error",
        "providers/dynamic/runtime.py",
        "if known is not None and not fresh:",
        "if known is not None and False:",
    ),
    Mutant(
        "what is on offer is asked for each time",
        "one search a line",
        "providers/dynamic/offers.py",
        "if question not in self._answers:",
        "if True:",
    ),
    Mutant(
        "an owned number's price is asked for each time",
        "one search a country and type",
        "providers/vonage/numbering.py",
        "if key not in self._prices:",
        "if True:",
    ),
    Mutant(
        "a dripping answer has no end",
        "a deadline is total",
        "providers/timed.py",
        'raise TimeoutError("timed out")',
        "left = 1.0",
        "contract",
    ),
    Mutant(
        "a list that moved is an error at once",
        "pages that moved are read again once",
        "providers/sdk_session.py",
        "            except Moved:\n                return question(client.api)",
        "            except Moved:\n                raise",
        "contract",
    ),
    Mutant(
        "every process pauses alike",
        "jitter differs between processes",
        "providers/calls.py",
        "field(default_factory=Random,",
        "field(default_factory=lambda: Random(0),",
        "contract",
    ),
)
