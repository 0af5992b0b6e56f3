"""Planted bugs in the API's doors and in what it tells: who may hold how much, whose key counts, and what is then."""

from __future__ import annotations

from tests.faults.mutant import Mutant

_DOORS = "§6 whoever is unknown is refused"
_SHOWN = "§1.8 what is shown is what is"

DOORS: tuple[Mutant, ...] = (
    Mutant(
        "a later request that comes whole makes a connection no younger",
        _DOORS,
        "trunkline/api/connections.py",
        """            self._deadline = None
        # A later request may come whole at once, so that no clock was started for it.
        self._connections.used(self)""",
        """            self._deadline = None
            self._connections.used(self)""",
        "clients",
    ),
    Mutant(
        "a proxy's many clients push each other out",
        _DOORS,
        "trunkline/api/connections.py",
        "len(own) >= self.limits.address and connection.address not in self.limits.proxies",
        "len(own) >= self.limits.address",
        "doors",
    ),
    Mutant(
        "what is being answered is pushed out",
        _DOORS,
        "trunkline/api/connections.py",
        "return cycle is None or cycle.response_complete or cycle.more_body or self.flow.write_paused",
        "return True",
        "clients",
    ),
    Mutant(
        "a host with IPv6 has as many connections and failed logins as it has addresses",
        _DOORS,
        "trunkline/api/proxies.py",
        "str(ipaddress.ip_network((int(found), 64), strict=False))",
        "address",
        "doors",
    ),
    Mutant(
        "a key outlives its revocation in a file that has its name twice",
        _DOORS,
        "trunkline/api/auth/keys.py",
        "if len({getattr(key, name) for key in self.keys}) < len(self.keys):",
        "if not self.keys and name:",
        "doors",
    ),
    Mutant(
        "a key file that is taken away leaves its doors open",
        _DOORS,
        "trunkline/api/auth/keys.py",
        'self._keys, self.fault = _NONE, str(missing) if self._expected else ""',
        'self.fault = str(missing) if self._expected else ""',
        "doors",
    ),
    Mutant(
        "a token of nobody opens the door",
        _DOORS,
        "trunkline/api/auth/tokens.py",
        "if not isinstance(subject, str) or not _NAME.fullmatch(subject):",
        "if isinstance(subject, str) and not _NAME.fullmatch(subject):",
        "doors",
    ),
    Mutant(
        "a cell is a formula for who reads with another separator",
        _DOORS,
        "trunkline/api/endpoints/formats.py",
        """return _INNER.sub("'", _FORMULA.sub("'", text))""",
        """return _FORMULA.sub("'", text)""",
        "doors",
    ),
    Mutant(
        "refusals push reads out of the record",
        _DOORS,
        "trunkline/api/access.py",
        "sort = self._refused if access.reason else self._read",
        "sort = self._read",
        "answers",
    ),
    Mutant(
        "a viewer who asks for ever other moments is let go on",
        _DOORS,
        "trunkline/api/served/archive.py",
        "        self._throttle.count(caller)",
        "        self._throttle.wait(caller)",
        "answers",
    ),
    Mutant(
        "a year is taken for seconds of 1970, before which there was no line",
        _SHOWN,
        "trunkline/api/query.py",
        "if not _RFC_3339.fullmatch(text):",
        "if not text:",
        "answers",
    ),
    Mutant(
        "what was changed by hand since the last update is shown as if it had always been so",
        _SHOWN,
        "trunkline/api/served/archive.py",
        "{change.line: change.before for change in publication.unrecorded}",
        "{}",
        "answers",
    ),
    Mutant(
        "a name that stands twice in a key file counts as it stood last",
        _DOORS,
        "trunkline/api/auth/keys.py",
        "        strict_json.loads(data)  # of a name that stands twice pydantic would take the last\n",
        "",
        "doors",
    ),
    Mutant(
        "of several keys that a token could mean the first one checks it",
        _DOORS,
        "trunkline/api/auth/jwks.py",
        "return meant[0] if len(meant) == 1 else None",
        "return meant[0] if meant else None",
        "doors",
    ),
    Mutant(
        "the keys of an issuer that has none any more go on opening doors",
        _DOORS,
        "trunkline/api/auth/jwks.py",
        "self._fail(str(none), withdraw=True)",
        "self._fail(str(none), withdraw=False)",
        "doors",
    ),
    Mutant(
        "a request of two lengths is taken by one of them",
        _DOORS,
        "trunkline/api/connections.py",
        'if framed == _FRAMED or (b"transfer-encoding" in framed and event.http_version < b"1.1"):',
        "if framed > _FRAMED:",
        "clients",
    ),
    Mutant(
        "an update that was killed looks like one that runs",
        _SHOWN,
        "trunkline/state/locks.py",
        "return type(pid) is int and pid > 0 and not alive(pid)",
        "return False",
        "looks",
    ),
    Mutant(
        "an update that runs in a container with the host's name looks like one that was killed",
        _SHOWN,
        "trunkline/state/locks.py",
        "        return _is_hidden(pid, proc)",
        "        return False",
        "looks",
    ),
    Mutant(
        "a killed update is forgotten with its lock",
        _SHOWN,
        "trunkline/state/reader.py",
        "        if stamp.left:\n            self._killed = True",
        "        self._killed = stamp.left\n        if stamp.left:\n            pass",
        "looks",
    ),
    Mutant(
        "a state of a version that nobody here knows is read as if it were known",
        _SHOWN,
        "trunkline/state/checkpoint.py",
        "    if version > _VERSION:\n",
        "    if version > 10**40:\n",
        "looks",
    ),
)
