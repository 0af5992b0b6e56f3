"""What the system refuses a command while it reads or writes, in words for whoever runs it."""

from __future__ import annotations

import errno

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def told(error: OSError) -> str | None:
    """Say what was refused, None where that is neither a path nor a lack of room: then it is a defect of ours."""
    if error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    if error.errno in _NO_ROOM:
        return (
            f"not all could be written: {error.strerror}. What was done before it stands. Make room, or send the output"
            " elsewhere, then run it again."
        )
    return None
