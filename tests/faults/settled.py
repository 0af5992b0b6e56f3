"""The judge of a stack that has had its runs: its world is as its file says, nothing twice, and nothing lost."""

from __future__ import annotations

from collections.abc import Container, Iterable

from tests.faults.calls_out import credentials_of
from tests.faults.draft import AGENTS, Draft, is_pool
from tests.faults.holdings import (
    CHILDREN,
    TABLES,
    Place,
    children,
    further_lists,
    is_owned,
    owner_of,
    recordable,
    records,
)
from tests.faults.oracle import Oracle, Violation
from tests.faults.shared_name import scoped
from tests.support.model_engine import State
from trunkline.model.tag import entry_of


def judge(
    oracle: Oracle,
    draft: Draft,
    state: State,
    notices: Iterable[str],
    vanished: frozenset[str],
    foreign: Container[Place] = (),
) -> None:
    """Judge a world that has had its runs: as declared, nothing twice, nothing lost."""
    words = "\n".join(notices)
    ids = {(key[0], str(record.outputs.get("vendorId", record.id))) for key, record in state.resources.items()}
    numbers = records(oracle.sandbox, "twilio", "numbers").values()
    # A trunk of ours stays as long as a number that is paid for, and named, is routed to it.
    busy = any(record["trunk_sid"] and record["phone_number"] in words for record in numbers)
    for (kind, key), owner in recordable(oracle.sandbox, oracle.prefix).items():
        if owner.startswith("trunk.") and busy:
            continue
        # Under a name that several stacks have nothing is swept that no record has; it is named by its id.
        if (kind.partition("/")[0], key) not in ids and key not in words and not _is_named(oracle, owner, draft, words):
            raise Violation(f"orphan: {kind} {key} of {owner} is in no state")
    for kind, (vendor, table, _) in TABLES.items():
        recorded = {id_ for kind_, id_ in ids if kind_ == kind}
        lost = recorded - set(records(oracle.sandbox, vendor, table))
        if lost and kind != "PhoneNumber":
            raise Violation(f"the state names {kind} {', '.join(sorted(lost))}, which is not there")
    _judge_parents(oracle, state, ids, foreign, _called_with(oracle, draft, ids, words))
    _judge_callers(oracle, draft)
    _judge_numbers(oracle, draft, state, words, vanished)


def _called_with(oracle: Oracle, draft: Draft, ids: Container[tuple[str, str]], words: str) -> set[str]:
    """Give the credentials, named, with which a leftover calls out that stands for a number, paid for and named."""
    there = recordable(oracle.sandbox, oracle.prefix).items()
    left = [key for (kind, key), owner in there if (kind, key) not in ids and _is_named(oracle, owner, draft, words)]
    return {sid for sid in credentials_of(oracle.sandbox, left) if sid in words}


def _judge_parents(
    oracle: Oracle, state: State, ids: Iterable[tuple[str, str]], foreign: Container[Place], in_use: Container[str]
) -> None:
    """Children without a tag: exactly one for each that is declared, beside what a leftover calls out with."""
    further = further_lists(oracle.sandbox, oracle.prefix)
    links = records(oracle.sandbox, "twilio", "trunk_lists")
    for kind, (table, parent, _) in CHILDREN.items():
        parents = {key for owner, key in ids if owner in TABLES and TABLES[owner][1] == parent}
        parents |= further if parent == "credential_lists" else set()
        there = [key for key in children(oracle.sandbox, kind, parents) if ("twilio", table, key) not in foreign]
        if kind == "TrunkCredentialList":
            there = [key for key in there if links[key]["_list"] not in further]
        declared = [record.id for key, record in state.resources.items() if key[0] == kind]
        there = [key for key in there if key in declared or key not in in_use]
        if len(there) != len(declared):
            raise Violation(f"{len(there)} of {kind} where {len(declared)} are declared")


def _judge_callers(oracle: Oracle, draft: Draft) -> None:
    """The entries of lines, each once with its callers and its agent, as Vonage or another writes them."""
    wanted = {}
    for name, line in draft.lines.items():
        owner = f"trunk.{line['trunk']}" if is_pool(line.get("trunk")) else name
        bare = line["provider"] == "vonage"
        for entry, said in line.get("callers", {}).items() if line.get("inbound", True) else ():
            callers = sorted(each.removeprefix("+") if bare else each for each in said["from"])
            wanted[f"{owner}+{entry}"] = (callers, [str(AGENTS[said["agent"]]["agent_name"])])
    found: dict[str, tuple[list[str], list[str]]] = {}
    for rule in records(oracle.sandbox, "livekit", "dispatch_rule").values():
        tag = scoped(rule.get("name", ""))
        owner = owner_of(tag, oracle.prefix).removeprefix("trunk.")
        if tag.startswith(oracle.prefix) and entry_of(tag) and (owner in draft.lines or owner in draft.trunks):
            agents = [agent["agent_name"] for agent in rule["room_config"]["agents"]]
            found[tag.removeprefix(oracle.prefix)] = (sorted(rule.get("inbound_numbers", ())), agents)
    if found != wanted:
        raise Violation(f"other callers have rules of their own than the file says: {found}, {wanted}")


def _judge_numbers(oracle: Oracle, draft: Draft, state: State, words: str, vanished: frozenset[str]) -> None:
    for name in draft.carried():
        if name not in vanished and oracle.number_of(name) is None:
            raise Violation(f"line {name} has no number")
        if ("PhoneNumber", name) not in state.resources:
            raise Violation(f"line {name} has no PhoneNumber in the state")
    wanted = {oracle.root(name) for name in draft.lines}
    if lost := sorted(number for number in oracle.kept if not is_owned(oracle.sandbox, number)):
        raise Violation(f"{lost[0]} was to be kept and is gone")
    for number in sorted(oracle.strays):
        if is_owned(oracle.sandbox, number) and number not in words:
            raise Violation(f"{number}, which was given up, came after all and is named nowhere")
    for root, numbers in oracle.held.items():
        for number in numbers:
            if not is_owned(oracle.sandbox, number):
                raise Violation(f"{number} of {root} was lost")
            if root not in wanted and not _is_kept(oracle, root) and number not in words:
                raise Violation(f"{number}, bought for {root}, is paid for and named nowhere")


def _is_kept(oracle: Oracle, root: str) -> bool:
    """Whether the number was to stay in the account, detached."""
    return root in oracle.keeping


def _is_named(oracle: Oracle, owner: str, draft: Draft, words: str) -> bool:
    """Whether a leftover stands for a number that is still paid for and that the preview names.

    One that was to be kept stands there too where it came when its line had left the file, so that nobody could
    detach it, or where the line was let go half-way and the state was lost then.
    """
    root = oracle.root(owner)
    if owner in draft.lines or owner.startswith("trunk.") or _is_kept(oracle, root):
        return False
    named = oracle.lines.get(owner, {}).get("phone_number")
    kept = [number for number in oracle.kept if oracle.bought_for.get(number) == root]
    numbers = (*oracle.held.get(root, []), *kept, *([named] if named else []))
    return any(number in words for number in numbers)
