"""What the vendors hold, as a file that adopts it: nothing in it would change anything but tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from trunkline.calls import canonical
from trunkline.carriers import CARRIERS
from trunkline.dump import answers, entries, groups, optional
from trunkline.dump.answers import Answer
from trunkline.dump.carriage import Carriage, Carriers
from trunkline.dump.description import Description, Entry, LeftOut, Note, SecretToSet
from trunkline.dump.entries import Side
from trunkline.dump.groups import Group, agent_of
from trunkline.dump.holdings import HeldNumber, Holdings
from trunkline.dump.names import Names, egress_of, of_number, pin_of, secret_of
from trunkline.dump.reasons import Reason
from trunkline.dump.text import flow, foresee
from trunkline.model.options import ONLY_CALLERS
from trunkline.model.tag import Tag


def compose(holdings: Holdings) -> Description:
    """Give the file of all that adoption can take over, and what it cannot with its reason. In a stable order."""
    held = {one.number: one for one in holdings.numbers}
    found, left_out = groups.find(holdings)
    refused = [(group, _refusal(group, held)) for group in found]
    taken = [group for group, note in refused if note is None]
    lost = [LeftOut(what=number, note=note) for group, note in refused if note for number in group.numbers]
    known = {number for group in found for number in group.numbers} | {one.what for one in left_out}
    lost += [
        LeftOut(what=one.number, note=_nowhere(one, holdings)) for one in holdings.numbers if one.number not in known
    ]
    file = _File(taken)
    sides = [(*entries.calls_out(group, side), side) for group, side in _sides(taken, held, Carriers(holdings))]
    foresee("numbers", (entries.whole_line(group, out, custom=side is None) for out, group, side in sides))
    for out, group, side in sides:
        file.add(group, out, side, held)
    ids = {one.id for group in taken for one in group.objects}
    lost += list(_unused(holdings, ids, [*left_out, *lost], file.notes))
    return Description(
        agents=tuple(file.agents),
        trunks=tuple(file.trunks.values()),
        lines=tuple(sorted(file.lines, key=lambda line: str(line.keys["phone_number"]))),
        left_out=tuple(sorted((*left_out, *lost), key=lambda one: one.what)),
        secrets=tuple(file.secrets),
    )


def _refusal(group: Group, held: Mapping[str, HeldNumber]) -> Note | None:
    """Say why a group that adoption could take is none: a number is a stack's, or the file cannot say its calls out."""
    tagged = [number for number in group.numbers if number in held and Tag.parse(held[number].tag)]
    if tagged:
        return Note(reason=Reason.TAGGED, detail=", ".join(tagged))
    out, rest = entries.calls_out(group, None)
    return rest.notes[-1] if group.inbound is None and not out else None


def _unused(
    holdings: Holdings, taken: Collection[str], told: Sequence[LeftOut], notes: Iterable[Note]
) -> Iterable[LeftOut]:
    """Give LiveKit's objects of which neither a line nor a comment tells: for all calls, for nobody's, or unknown."""
    words = "\n".join(note.detail for note in (*(one.note for one in told), *notes))
    numbers, trunks = {one.what for one in told}, {one.id for one in holdings.inbound}
    alone = {
        "InboundTrunk": [one for one in holdings.inbound if not one.props["numbers"]],
        "OutboundTrunk": [one for one in holdings.outbound if numbers.isdisjoint(map(canonical, one.props["numbers"]))],
        "DispatchRule": [one for one in holdings.rules if trunks.isdisjoint(one.props["trunkIds"])],
    }
    for kind, objects in alone.items():
        for one in objects:
            if one.id not in taken and one.id not in words and not Tag.parse(one.tag):
                yield LeftOut(what=f"{kind} {one.id}", note=Note(reason=Reason.NO_LINE, detail=one.called))


def _nowhere(number: HeldNumber, holdings: Holdings) -> Note:
    """Say of a carrier's number that no trunk at LiveKit names where its calls go."""
    if not CARRIERS[number.provider].has_trunks and not Tag.parse(number.tag):
        rules = [one for one in holdings.rules if one.id in str(number.props.get("dispatchRuleId", "")).split()]
        named = ", ".join(f"{one.id} {flow(one.called)}" if one.called else one.id for one in rules)
        return Note(reason=Reason.OWN_NUMBER, detail=named or "no rule answers it")
    for_all = [trunk for trunk in holdings.inbound if not trunk.props["numbers"]]
    if for_all and any(value for name, value in number.props.items() if name != "tag"):
        return Note(reason=Reason.TRUNK_FOR_ALL_NUMBERS, detail=", ".join(trunk.id for trunk in for_all))
    place = f"at {number.provider}" + (f"; its calls go to {number.calls_go}" if number.calls_go else "")
    return Note(reason=Reason.TAGGED if Tag.parse(number.tag) else Reason.NO_TRUNK, detail=place)


def _sides(
    found: Sequence[Group], held: Mapping[str, HeldNumber], carriers: Carriers
) -> Iterable[tuple[Group, Carriage | None]]:
    """Give each group with its carrier's side, None where it is LiveKit's alone.

    A trunk of the file is shared by all its lines or by none, so one that carries both kinds is of the lines that have
    their own objects.
    """
    sides = [_side(group, held, carriers) for group in found]
    single = {
        side.id for group, side in zip(found, sides, strict=True) if side and side.own and len(group.numbers) == 1
    }
    shared: set[str] = set()
    for group, side in zip(found, sides, strict=True):
        is_taken = bool(side and side.own and len(group.numbers) > 1 and side.id in single | shared)
        if side and side.own and len(group.numbers) > 1:
            shared.add(side.id)
        yield (_at_livekit_alone(group, held), None) if is_taken or side is None else (group, side)


def _at_livekit_alone(group: Group, held: Mapping[str, HeldNumber]) -> Group:
    """Say of a group's numbers in a carrier's account that they stay as they are there."""
    at_carrier = [f"{number} at {held[number].provider}" for number in group.numbers if number in held]
    if not at_carrier:
        return group
    return replace(group, notes=(*group.notes, Note(reason=Reason.CARRIER_SIDE, detail=", ".join(at_carrier))))


def _side(group: Group, held: Mapping[str, HeldNumber], carriers: Carriers) -> Carriage | None:
    """Give what carries all numbers of a group; None where nothing does that is one trunk of the file."""
    if group.inbound is None:
        return None
    sides = [carriers.of(held[number]) if number in held else None for number in group.numbers]
    first = sides[0]
    if first is None or any(side != first for side in sides):
        return None
    if group.callers and CARRIERS[first.provider].caller_prefix != "+":
        # The rules name callers with a plus, and the file would write them as this carrier does.
        return None
    encryption = first.keys.get("media_encryption", group.inbound.props["mediaEncryption"])
    return first if encryption == group.inbound.props["mediaEncryption"] else None


def _staying(group: Group, called: int, fields: Sequence[str]) -> Iterable[Note]:
    """Say what stays of a group's rule and of its objects."""
    agents = [str(each["agentName"]) for each in group.rule.props["agents"]] if group.rule else []
    if group.rule and len(agents) > called:
        yield Note(reason=Reason.SEVERAL_AGENTS, detail=f"{groups.named(group.rule)} calls {', '.join(agents)}")
    if fields:
        yield Note(reason=Reason.FIELDS, detail=", ".join(fields))


class _File:
    """The file as it comes about: names are given in the order of the groups."""

    def __init__(self, groups: Iterable[Group]) -> None:
        agents, self._names = Names(), Names()
        rules = {
            rule.id: (rule, agent_of(rule) if rule is not group.rule else group.agent)
            for group in groups
            for rule in (group.rule, *group.callers)
            if rule
        }
        self._answers = {id: answers.of_rule(rule, first) for id, (rule, first) in rules.items()}
        # The commonest way in which an agent answers has its name without a number behind.
        given = Counter(answer for all_of_rule, _ in self._answers.values() for answer in all_of_rule)
        self._agents = {answer: agents.take(answer.agent, "agent") for answer, _ in given.most_common()}
        self._trunks: dict[str, str] = {}
        self.secrets: list[SecretToSet] = []
        self.agents = [Entry(name=name, keys=self._with_secrets(name, answer)) for answer, name in self._agents.items()]
        self.trunks: dict[str, Entry] = {}
        self.lines: list[Entry] = []

    @property
    def notes(self) -> list[Note]:
        return [note for line in self.lines for note in line.notes]

    def add(self, group: Group, out: Side, side: Carriage | None, held: Mapping[str, HeldNumber]) -> None:
        """Write a group's lines, and the trunk and agent that they need. `out`: what the file says of its calls out."""
        shared = len(group.numbers) > 1
        name = "" if shared else self._names.take(group.called, of_number(group.numbers[0]))
        trunk, own = self._trunk(group, side, out, name)
        called, said = self._answers[group.rule.id] if group.rule else ((), frozenset())
        agents = [self._agents[answer] for answer in called]
        options = entries.of_line(group, out, custom=side is None)
        way = {**next((one.keys for one in self.trunks.values() if one.name == trunk), {}), **own}
        some, left = self._callers(group)
        left = [*entries.left(group, out, options, way, said), *left]
        notes = (*group.notes, *_staying(group, len(called), left))
        for number in group.numbers:
            keys = {
                "phone_number": number,
                **({"trunk": trunk} if trunk else {}),
                **own,
                **({"agent": agents[0] if len(agents) == 1 else agents} if agents else {"inbound": False}),
                **some,
                **options,
                **(entries.of_number(held[number]) if side else {}),
                **({} if out and number in group.calling_out else {"outbound": False}),
                "adopt": True,
            }
            self.lines.append(Entry(name=name or self._names.take(of_number(number)), keys=keys, notes=notes))

    def _callers(self, group: Group) -> tuple[Mapping[str, object], list[str]]:
        """Give the key for the rules of some callers, and what of those nothing in the file says."""
        names, found, left = Names(), {}, []
        for rule in group.callers:
            called, said = self._answers[rule.id]
            keys = [self._agents[answer] for answer in called]
            entry = {"from": list(rule.optional[ONLY_CALLERS]), "agent": keys[0] if len(keys) == 1 else keys}
            found[names.take(rule.called, "callers")] = entry
            kept = optional.kept(
                "DispatchRule", rule, {*said, ONLY_CALLERS, "attributes", "hidePhoneNumber", "participantMetadata"}
            )
            left += [f"{name} of {rule.id}" for name in kept]
        return ({"callers": found} if found else {}), left

    def _trunk(self, group: Group, side: Carriage | None, out: Side, line: str) -> tuple[str, Mapping[str, object]]:
        """Give the trunk that the lines name, "" for none, and the keys that a line brings in its place."""
        if side is not None:
            keys = {**side.keys, **out.keys}
            id_ = side.id if side.own else f"{side.id} {out.keys}"
            wish = str(keys.get("domain_name") or side.called).partition(".")[0]
        else:
            keys = {"provider": "custom", **out.keys}
            if line and out:
                return "", self._with_secret(group, line, keys)
            id_ = ""
            wish = group.called if not line else "livekit-side"
        if not line:
            id_, keys = f"{id_} shared {group.numbers[0]}", {**keys, "shared": True}
        if id_ not in self._trunks:
            self._trunks[id_] = name = self._names.take(wish, "trunk")
            self.trunks[id_] = Entry(name=name, keys=self._with_secret(group, name, keys))
        return self._trunks[id_], {}

    def _with_secrets(self, name: str, answer: Answer) -> Mapping[str, object]:
        """Name the secrets of what rooms record, one for each value, and of a PIN: who knows it gets in."""
        named: dict[str, SecretToSet] = {}
        for place, value in answer.secrets:
            new = SecretToSet(name=egress_of(name, len(named)), user="", object_id=answer.rule, place=place)
            named.setdefault(value, new)
        self.secrets.extend(named.values())
        given = {place: {"secret": named[value].name} for place, value in answer.secrets}
        keys = answers.with_secrets(answer.keys, given)
        if not answer.pin:
            return keys
        secret = SecretToSet(name=pin_of(name), user="", object_id=answer.rule)
        self.secrets.append(secret)
        return {**keys, "pin": {"secret": secret.name}}

    def _with_secret(self, group: Group, owner: str, keys: Mapping[str, object]) -> Mapping[str, object]:
        """Name the secret of a login."""
        if "auth_username" not in keys or group.outbound is None:
            return keys
        secret = SecretToSet(name=secret_of(owner), user=str(keys["auth_username"]), object_id=group.outbound.id)
        self.secrets.append(secret)
        given: dict[str, object] = {}
        for key, value in keys.items():
            given[key] = value
            if key == "auth_username":
                given["auth_password"] = {"secret": secret.name}
        return given
