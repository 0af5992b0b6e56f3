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
        'sys.stderr.write(f"{redacted(text)}\\n")',
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
)
