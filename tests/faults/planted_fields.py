"""Planted bugs in the fields that are written only where the file names them."""

from __future__ import annotations

from tests.faults.mutant import Mutant

NAMED_ALONE = "§1.4 what the file does not name stays as it stands"
OPTIONS = "providers/livekit/options.py"

FIELDS: tuple[Mutant, ...] = (
    Mutant(
        "a secret of a recording is read in the state",
        "§1.6 no secret in clear",
        "providers/livekit/egress.py",
        "        return HIDDEN\n",
        "        return value\n",
        suite="fields",
    ),
    Mutant(
        "an edit of a recording drops its secrets",
        NAMED_ALONE,
        "providers/livekit/egress.py",
        "    _replace(room, value, _read_secrets(room))",
        "    _replace(room, value, {})",
        suite="fields",
    ),
    Mutant(
        "what was changed of a recording's secrets is copied into the state",
        "§1.6 no secret in clear",
        "providers/livekit/trunks.py",
        '    secret=("pin", egress.SECRETS),',
        '    secret=("pin",),',
        suite="fields",
    ),
    Mutant(
        "never take a key back",
        NAMED_ALONE,
        "providers/dynamic/in_place.py",
        '    if "unmanaged" in desired:\n        return desired\n    gone',
        "    return desired\n    gone",
        suite="fields",
    ),
    Mutant(
        "manage every optional property",
        NAMED_ALONE,
        "providers/kinds.py",
        "            *(name for name in self.optional if name in props),",
        "            *self.optional,",
        suite="fields",
    ),
    Mutant(
        "another form of room drops the PIN",
        "§1.4 every wall that stood stays",
        "providers/livekit/convert.py",
        "        chosen.pin = pin\n",
        "",
        suite="fields",
    ),
    Mutant(
        "a rule without encryption stands against its trunk's",
        "§1.4 every wall that stood stays",
        OPTIONS,
        '    rule.media.ClearField("encryption")\n',
        "    rule.media.encryption = 0\n",
        suite="fields",
    ),
    Mutant(
        "a trunk's value before its line's",
        NAMED_ALONE,
        "trunkline/model/options.py",
        "_props(OF_LINE, kind, {**trunk, **line})",
        "_props(OF_LINE, kind, {**line, **trunk})",
        suite="fields",
    ),
    Mutant(
        "two spellings of one called number",
        "§1.1 no call meets two trunks",
        "trunkline/inventory/references.py",
        "first.setdefault(canonical(line.number), line)",
        "first.setdefault(line.number, line)",
        suite="fields",
    ),
    Mutant(
        "an adopted URL is a stranger's still",
        "§1.8 what is shown is what is",
        "providers/dynamic/neighbours/carrier_trunks.py",
        "    if url and not declared:",
        "    if url:",
        suite="fields",
    ),
    Mutant(
        "a trunk that is called at an edge has no caller",
        "§1.4 nothing else that the object serves is cut off",
        "providers/dynamic/witness.py",
        'calls_over(trunk.props["address"], props["witness"], str(props.get("trunkSid", "")))',
        'trunk.props["address"] == props["witness"]',
        suite="fields",
    ),
    Mutant(
        "a trunk that is called at an edge carries nobody",
        "§1.4 nothing else that the object serves is cut off",
        "providers/dynamic/carried.py",
        'calls_over(one.props["address"], domain, id_)',
        'one.props["address"].casefold() == domain.casefold()',
        suite="fields",
    ),
    Mutant(
        "a new trunk records nothing",
        NAMED_ALONE,
        "providers/twilio/trunks.py",
        "return self._beside(made, {",
        "return made or self._beside(made, {",
        suite="fields",
    ),
    Mutant(
        "an emergency address stays as it is",
        NAMED_ALONE,
        "providers/dynamic/purchase.py",
        "if desired.get(name, value) != value)",
        "if False)",
        suite="fields",
    ),
    Mutant(
        "an adopted number loses its emergency address with the key",
        NAMED_ALONE,
        "providers/dynamic/number.py",
        ' and not desired["adopt"]',
        "",
        suite="fields",
    ),
    Mutant(
        "an address for no emergency is bought with",
        "§1.8 what is shown is what is",
        "providers/twilio/papers.py",
        "        elif not enabled:\n",
        "        elif False:\n",
        suite="fields",
    ),
)
