"""Planted bugs in how a secret is found in the words of others, whatever they made of it."""

from __future__ import annotations

from tests.faults.mutant import Mutant

REDACTION: tuple[Mutant, ...] = (
    Mutant(
        "a secret that was broken into lines is shown",
        "§1.6 no secret in clear",
        "trunkline/redaction.py",
        "filled = list(_filled(reading))",
        "filled = list(reading)",
        "telling",
    ),
    Mutant(
        "a secret that is written backwards is shown",
        "§1.6 no secret in clear",
        "trunkline/redaction.py",
        "for way in (form, form[::-1])",
        "for way in (form,)",
        "telling",
    ),
    Mutant(
        "a secret that a Go server escaped is shown",
        "§1.6 no secret in clear",
        "trunkline/redaction.py",
        "written, reading = reading, list(_unescaped(reading))",
        "written = reading",
        "telling",
    ),
    Mutant(
        "a secret in a body that was encoded as a whole is shown",
        "§1.6 no secret in clear",
        "trunkline/redaction.py",
        "for inner in (value, *quoted[:2], in_json, *_in_base64(plain)):",
        "for inner in (value,):",
        "telling",
    ),
    Mutant(
        "a secret in capitals, or with something between its letters, is shown",
        "§1.6 no secret in clear",
        "trunkline/redaction.py",
        "_hide(hidden, [one._replace(mark=one.mark.lower()) for one in filled if _is_bare(one.mark)], bare_parts)",
        "pass",
        "telling",
    ),
    Mutant(
        "a secret of few digits is shown where it is glued to a word",
        "§1.6 no secret in clear",
        "trunkline/redaction.py",
        r"(?<!\w)(?:\d{8,15}|[A-Z]{2}[",
        r"(?<!\w)(?:\w+|[A-Z]{2}[",
        "telling",
    ),
    Mutant(
        "a secret of few digits is shown where it is glued to other digits",
        "§1.6 no secret in clear",
        "trunkline/redaction.py",
        r"\d{8,15}|",
        r"\d+|",
        "telling",
    ),
    Mutant(
        "a secret in the place of the account is shown by the refusal of another one",
        "§1.6 no secret in clear",
        "providers/dynamic/lacking.py",
        "if re.fullmatch(form, account):",
        "if account:",
        "telling",
    ),
)
