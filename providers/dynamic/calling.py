"""The provider of the rules for some callers of a line: a caller that moves between them is in one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pulumi.dynamic import CreateResult, UpdateResult

from providers.dynamic import objects, runtime
from providers.dynamic.caller_rules import KIND, line_stays
from providers.dynamic.codec import decode
from providers.dynamic.rule import RuleProvider
from providers.dynamic.runtime import Runtime
from providers.port import Observed
from trunkline.calls import canonical
from trunkline.errors import Refusal
from trunkline.model.options import ONLY_CALLERS
from trunkline.model.tag import Tag, entry_of


class CallingProvider(RuleProvider):
    """The rule of one entry of `callers`.

    LiveKit refuses two rules of a trunk that name one caller. So the rule that gets a caller takes it off the other
    one of this line first; in between the caller reaches the line's own agent.
    """

    def create(self, props: dict[str, Any]) -> CreateResult:
        with _alone(runtime.current()) as run:
            _make_way(run, decode(props))
            return super().create(props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        recorded, desired = decode(_olds), decode(_news)
        id_ = recorded.get("vendorId") or _id
        if self._is_elsewhere(recorded):
            return super().update(_id, _olds, _news)
        with _alone(runtime.current()) as run:
            if id_ in run.yielded:
                # All its callers went to another entry in this update, and others come in their place.
                _make_way(run, desired)
                # The listing of this process has the rule yet.
                run.listing(KIND, fresh=True)
                return UpdateResult(super().create(_news).outs)
            _make_way(run, desired, own=id_)
            return super().update(_id, _olds, _news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        recorded = decode(_props)
        # `removal: keep` is for what goes with its line. Left there, the rule of an entry would go on answering.
        stays = recorded.get("keep") and line_stays(runtime.current(), recorded)
        super().delete(_id, {**_props, "keep": False} if stays else _props)


@contextmanager
def _alone(run: Runtime) -> Iterator[Runtime]:
    """Let no other rule be read and written meanwhile: the engine writes several at once."""
    with run.exchange:
        yield run


def _make_way(run: Runtime, desired: Mapping[str, Any], own: str = "") -> None:
    """Take the callers of a rule off the others of its line; one that has no other callers goes.

    Without any it would answer everybody. Raises Refusal where it was there before it was adopted.
    """
    adapter, coming = run.adapter(KIND), set(map(canonical, desired[ONLY_CALLERS]))
    for listed in run.listing(KIND):
        if listed.id == own or not _is_beside(listed, desired, coming):
            continue
        fresh = adapter.get(listed.id)
        if fresh is None or not _is_beside(fresh, desired, coming):
            continue
        rest = [caller for caller in fresh.props[ONLY_CALLERS] if canonical(caller) not in coming]
        if rest:
            adapter.update(fresh, objects.keeping_notes(fresh, {**fresh.props, ONLY_CALLERS: rest}))
        elif objects.ADOPTED in fresh.notes:
            answered = ", ".join(fresh.props[ONLY_CALLERS])
            raise Refusal(
                f"{KIND} {fresh.id}, which was there before it was adopted, answers {answered}"
                " and nobody else. Nothing was changed. Give it another caller in its `from`, or remove it at LiveKit,"
                " and run `pulumi up` again."
            )
        else:
            run.yielded.add(fresh.id)
            adapter.delete(fresh.id)


def _is_beside(one: Observed, desired: Mapping[str, Any], coming: set[str]) -> bool:
    """Whether a rule of another entry of the same line names one of the callers, at one of its trunks."""
    owners = {Tag.parse(tag) for tag in objects.tags_of(desired)}
    ours = one.tag not in objects.tags_of(desired) and bool(entry_of(one.tag)) and Tag.parse(one.tag) in owners
    at_trunk = not set(one.props["trunkIds"]).isdisjoint(desired["trunkIds"])
    return ours and at_trunk and not coming.isdisjoint(map(canonical, one.props[ONLY_CALLERS]))
