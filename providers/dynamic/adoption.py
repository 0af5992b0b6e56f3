"""Why an object may not be adopted. Pure, and every reason at once.

Adoption takes exactly what the line names. An object that serves more, or that two lines want, is refused with the way
out; so is what would let in somebody whom the object keeps out, unless the line or the trunk says so itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providers.dynamic import unmanaged, was_becomes
from providers.dynamic.adopted_callers import names_them, objections
from providers.dynamic.matching import Match, Matches, Wanted, rules_for_all
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.port import Observed
from trunkline import walls
from trunkline.calls import canonical
from trunkline.model import livekit_numbers
from trunkline.model.options import CALLEE_PREFIX, ONLY_CALLERS, ROOM_NAME
from trunkline.model.tag import Tag

_ENCRYPTION = "mediaEncryption"
_RULES = ("DispatchRule", "CallerRule")


def reasons(survey: Survey, matches: Matches, numbers: Mapping[str, str], olds: Mapping[str, Any]) -> list[Objection]:
    """Refuse what adoption must not do. `numbers`: line -> its number; `olds`: the Fleet's record."""
    judge = _Judge(survey, matches, numbers, olds)
    found = [(match.wanted, reason) for match in matches.all for reason in judge.of_match(match)]
    found += [(match.wanted, why) for match in matches.all for why in objections(survey, matches, match)]
    refused = {wanted.owner for wanted, _ in found}
    # What follows from a refusal is not told beside it.
    found += [
        (match.wanted, reason)
        for match in matches.all
        if match.wanted.owner not in refused
        for reason in (*judge.taken_twice(match), *judge.missing(match), *judge.pin_of_all(match))
    ]
    return list(dict.fromkeys(_placed(wanted, reason.text) for wanted, reason in found))


def _placed(wanted: Wanted, text: str) -> Objection:
    """Say of which line a refusal is, or at which place the trunk stands that no line stands for."""
    if wanted.lines:
        return Objection(text, line=wanted.lines[0])
    return Objection(f'{wanted.at}: trunk "{wanted.owner.removeprefix("trunk.")}": {text}')


def _priority(match: Match) -> int:
    """Give the priority of a way as adoption leaves it."""
    stays = match.target is not None and "priority" in match.wanted.unmanaged
    return int(match.target.props["priority"] if match.target and stays else match.wanted.values["priority"])


@dataclass(frozen=True, slots=True)
class _Judge:
    survey: Survey
    matches: Matches
    numbers: Mapping[str, str]
    olds: Mapping[str, Any]

    def of_match(self, match: Match) -> Iterator[Objection]:
        yield from self._candidates(match)
        yield from self._opened_by_agent(match)
        yield from self._before_livekit(match)
        if match.new and match.target is not None:
            yield from self._serves_others(match, match.target)
            yield from self._carries_others(match.wanted, match.target)
            yield from self._answers_others(match.wanted, match.target)
        if match.target is not None:
            if match.new or not self._is_recorded(match.wanted):
                yield from self._agents(match.wanted, match.target)
            yield from self._walls(match.wanted, match.target)
            yield from self._elsewhere(match, match.target)
            yield from self._cut_off(match, match.target)

    def _candidates(self, match: Match) -> Iterator[Objection]:
        kind = match.wanted.kind
        foreign = [(one, tag) for one in match.candidates if (tag := Tag.parse(one.tag)) is not None]
        for one, tag in foreign:
            if self.survey.owner_of(one.tag):
                yield Objection(
                    f"{kind} {one.id}, which it would adopt, is that of {tag.describe()}, of this very stack. Nothing"
                    " was changed. Leave it under that name, or take it off there and apply before"
                )
                continue
            yield Objection(
                f"{kind} {one.id}, which it would adopt, belongs to {tag.describe()}. Nothing was changed. Mark that"
                " one `removal: keep` there, apply, and remove it; then adopt here"
            )
        if match.lost:
            (one,) = match.candidates
            yield Objection(
                f'its own dispatch rule is gone, and {kind} {one.id} "{one.tag}", which nobody of us made, stands on'
                " its trunk. Nothing was changed. What has come since the line was adopted is not adopted with it:"
                " remove it at LiveKit, and the line gets its own rule again"
            )
        elif not foreign and match.candidates:
            names = ", ".join(f'{one.id} "{one.props.get("name") or one.tag}"' for one in match.candidates)
            yield Objection(
                f"several objects of kind {kind} could be adopted for it: {names}. Nothing was changed."
                " Remove all but the one to adopt at the vendor"
            )

    def _serves_others(self, match: Match, one: Observed) -> Iterator[Objection]:
        for name, elements in match.elements.items():
            others = self._served(name, unmanaged.strangers(elements, one.props[name]))
            if not others:
                continue
            lines = {canonical(number): line for line, number in self.numbers.items()}
            beside = sorted({lines[canonical(other)] for other in others if canonical(other) in lines})
            if beside:
                fix = (
                    f"Line {', '.join(beside)} names {'it' if len(others) == 1 else 'them'}: give all its lines one"
                    " trunk that says `shared: true`, and `adopt: true` on each"
                )
            elif name == "numbers":
                fix = (
                    "No line of this update names it: add a line with `adopt: true` for it, on a trunk that says"
                    " `shared: true`; or give the line's number a trunk of its own at the vendor"
                )
            else:
                fix = "Give each trunk a rule of its own at the vendor, then adopt"
            serves = ", ".join(map(self._called, others))
            yield Objection(f"{match.wanted.kind} {one.id} serves {serves} too. Nothing was changed. {fix}")

    def _served(self, name: str, elements: Sequence[str]) -> list[str]:
        """Leave out the trunks that are gone: their ids stand on in rules, which LiveKit does not look after.

        No call meets them, and no later trunk gets such an id again. An adopted rule keeps them.
        """
        there = {trunk.id for trunk in self.survey.objects.get("InboundTrunk", ())}
        return [each for each in elements if name != "trunkIds" or each in there or livekit_numbers.is_number(each)]

    def _carries_others(self, wanted: Wanted, one: Observed) -> Iterator[Objection]:
        """A route to LiveKit, or encryption, is for every number of a trunk, and LiveKit knows not all of them."""
        if wanted.kind != "SipTrunk":
            return
        carried = (each for held in self.survey.owned.values() for each in held.values())
        on_it = [each.number for each in carried if each.props.get("trunkSid") == one.id]
        others = ", ".join(unmanaged.strangers(self.numbers.values(), on_it))
        route = self.matches.of("OriginationUrl", wanted.owner)
        becomes = []
        if route is not None and route.target is None:
            becomes.append("get an origination URL to LiveKit, where no line of this update answers them")
        if wanted.values["secure"] and "secure" in wanted.named and not one.props["secure"]:
            becomes.append("become secure, so that where their calls go must speak TLS and SRTP")
        if others and becomes:
            yield Objection(
                f"{wanted.kind} {one.id} carries {others} too, and would {' and '.join(becomes)}. Nothing was changed."
                " Add a line with `adopt: true` on this trunk for each of them, or move them to another trunk at the"
                " carrier"
            )

    def _answers_others(self, wanted: Wanted, one: Observed) -> Iterator[Objection]:
        """A rule for some of the numbers called keeps its form, so that it must be for those of its lines."""
        only = one.also.get("numbers", ()) if wanted.kind in _RULES else ()
        mine = [self.numbers[line] for line in wanted.lines if line in self.numbers]
        if only and (unanswered := unmanaged.strangers(only, mine)):
            yield Objection(
                f"{wanted.kind} {one.id} answers calls to {', '.join(only)} alone, and none to {', '.join(unanswered)}."
                " Nothing was changed. Add what is missing to the rule's numbers at LiveKit, or take them all out there"
            )

    def _before_livekit(self, match: Match) -> Iterator[Objection]:
        """An adopted trunk's ways keep their priorities, and a fallback is asked after LiveKit alone."""
        route = self.matches.of("OriginationUrl", match.wanted.owner)
        if match.wanted.kind != "FallbackUrl" or not match.wanted.adopt or route is None:
            return
        then, first = _priority(match), _priority(route)
        if then <= first:
            what = f"OriginationUrl {match.target.id}" if match.target else "the fallback's URL"
            yield Objection(
                f"{what} would have priority {then} and the URL to LiveKit {first}, so that"
                f" {match.wanted.values['sipUrl']} takes calls before LiveKit does, or beside it. Nothing was changed."
                " Give the URL to LiveKit the smaller number at the carrier, or take `fallback` out"
            )

    def _cut_off(self, match: Match, one: Observed) -> Iterator[Objection]:
        """Without `adopt` the object is the line's alone, and what others have there would go."""
        if match.wanted.adopt:
            return
        for name, elements in match.elements.items():
            others = unmanaged.strangers([*elements, *self.numbers.values()], one.props[name])
            if others and elements:
                serves = ", ".join(map(self._called, others))
                yield Objection(
                    f"{match.wanted.kind} {one.id} serves {serves} too, which would be cut off without `adopt: true`."
                    " Nothing was changed. Leave it, or give them a trunk or rule of their own at the vendor first"
                )

    def _elsewhere(self, match: Match, one: Observed) -> Iterator[Objection]:
        """LiveKit lets a number without callers of its own stand in one inbound trunk, so none is added to a second."""
        if match.wanted.kind != "InboundTrunk" or not match.wanted.adopt:
            return
        for number in unmanaged.strangers(one.props["numbers"], match.elements["numbers"]):
            for other in self.survey.holders(number):
                if Tag.parse(other.tag) is None and not other.props["allowedNumbers"]:
                    yield Objection(
                        f"{number} stands in InboundTrunk {other.id}, and its lines share InboundTrunk {one.id}."
                        " Nothing was changed. Take it out there, so that it is added here, or give the line a trunk"
                        " that is not shared, which adopts that one"
                    )

    def _called(self, element: str) -> str:
        trunk = next((one for one in self.survey.objects.get("InboundTrunk", ()) if one.id == element), None)
        return f"trunk {element} ({', '.join(trunk.props['numbers'])})" if trunk else element

    def _agents(self, wanted: Wanted, one: Observed) -> Iterator[Objection]:
        """Of several agents it must be told which one is the line's, also where a killed run has adopted them."""
        if wanted.kind in _RULES:
            reason = unmanaged.unclear_agent(one.id, one.props["agents"], wanted.values["agents"])
            yield from [Objection(str(reason))] if reason else []

    def _walls(self, wanted: Wanted, live: Observed) -> Iterator[Objection]:
        judged = set(wanted.named) if wanted.adopt else set(wanted.values)
        home = "the line or its trunk" if wanted.lines else "the trunk"
        why = (
            "`defaults` would open it, and open no wall of an adopted object"
            if wanted.adopt
            else "without `adopt: true` the file would open it, and does not name it"
        )
        said = {*wanted.said, *([ONLY_CALLERS] if names_them(wanted, live) else [])}
        for name, wall in walls.loosened(wanted.kind, live.every, wanted.values, judged - said):
            way_out = f"Write `{walls.KEYS[name]}` on {home}" + ("" if wanted.adopt else ", or leave `adopt: true`")
            yield Objection(f"{wanted.kind} {live.id}: {wall} ({name}); {why}. Nothing was changed. {way_out}")
        # A room that the file gives by another key has no prefix of each caller's.
        prefixed = "roomPrefix" in judged and not {ROOM_NAME, CALLEE_PREFIX} & wanted.values.keys()
        if live.also.get("pin") and live.also.get("form") != "individual" and prefixed:
            way_out = "Leave `room_prefix` out of the agent" if wanted.adopt else "Leave `adopt: true`"
            yield Objection(
                f"rule {live.id} asks callers for a PIN, which would fall with {was_becomes.room(live)}. Nothing was"
                f" changed. {way_out}, or take the PIN off at LiveKit first"
            )

    def _opened_by_agent(self, match: Match) -> Iterator[Objection]:
        """What an agent's rule says of encryption stands over its trunk's, and the agent may answer other lines too."""
        wanted, trunk = match.wanted, self.matches.of("InboundTrunk", match.wanted.owner)
        if wanted.kind not in _RULES or trunk is None or _ENCRYPTION not in {*wanted.values} - {*wanted.said}:
            return
        live = [one for one in (match.target, trunk.target) if one is not None and one.every.get(_ENCRYPTION)]
        for _, wall in walls.loosened(trunk.wanted.kind, live[0].every, wanted.values, [_ENCRYPTION]) if live else ():
            key = walls.KEYS[_ENCRYPTION]
            yield Objection(
                f"{live[0].id}: {wall} ({_ENCRYPTION}); the agent's `{key}` would open it. Nothing was changed. Leave"
                f" it out of the agent, or write `{key}` on the line or its trunk"
            )

    def taken_twice(self, match: Match) -> Iterator[Objection]:
        if not match.new or match.target is None:
            return
        takers = self.matches.takers(match.target.id)
        if len(takers) > 1:
            yield Objection(
                f"{match.wanted.kind} {match.target.id} would be adopted for {', '.join(takers)}. Nothing was changed."
                " Write one trunk that says `shared: true` for all of them"
            )

    def missing(self, match: Match) -> Iterator[Objection]:
        """Adoption never creates; what an update has had before is made again, as for every line."""
        wanted = match.wanted
        if not wanted.adopt or match.target is not None or self._is_recorded(wanted):
            return
        if wanted.kind == "SipTrunk":
            there = ", ".join(sorted(one.props["domainName"] for one in self.survey.objects.get("SipTrunk", ()))[:5])
            yield Objection(
                f"`adopt: true`, but the account has no trunk with the domain {wanted.values['domainName']} (there is"
                f" {there or 'none'}). Adoption never creates, and nothing was changed. Correct `domain_name`, or"
                " delete `adopt` to make one"
            )
        if wanted.custom and not any(one.target for one in self.matches.all if one.wanted.owner == wanted.owner):
            every = [one.id for one in self.survey.objects.get("InboundTrunk", ()) if not one.props["numbers"]]
            beside = f" ({', '.join(every)} takes every number, which no line can adopt)" if every else ""
            numbers = ", ".join(self.numbers.get(line, line) for line in wanted.lines)
            yield Objection(
                f"`adopt: true`, but no trunk at LiveKit has {numbers}{beside}. Adoption never creates, and nothing was"
                " changed. Correct the number, or delete `adopt` to make a trunk"
            )

    def pin_of_all(self, match: Match) -> Iterator[Objection]:
        """A rule of its own would let callers in without the PIN that a rule for all trunks asks them for."""
        wanted = match.wanted
        trunk = self.matches.of("InboundTrunk", wanted.owner)
        if wanted.kind != "DispatchRule" or match.target is not None or trunk is None or not trunk.new:
            return
        for rule in rules_for_all(self.survey, wanted, self.numbers):
            if rule.also.get("pin"):
                yield Objection(
                    f"callers need the PIN of rule {rule.id}, which answers every trunk; a rule of the line's own would"
                    f" ask for none. Nothing was changed. Give the trunk a rule of its own with the PIN at LiveKit"
                )

    def _is_recorded(self, wanted: Wanted) -> bool:
        if not wanted.lines:
            return any(owner.removeprefix("trunk.") in self.olds.get("trunks", ()) for owner in wanted.owners)
        return any(name in self.olds.get("lines", {}) for name in (*wanted.lines, *wanted.former))
