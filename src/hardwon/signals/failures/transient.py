"""Failures that go away by themselves: the network, a busy service. They teach nothing, unless the place was wrong (a sandbox)."""

from __future__ import annotations

import re

_TRANSIENT = re.compile(
    r"\b(?:ETIMEDOUT|ECONNRESET|ENETUNREACH|EAI_AGAIN|ESOCKETTIMEDOUT|EPIPE)\b|connection (?:was )?reset|connection timed "
    r"out|network is unreachable|"
    r"temporary failure in name resolution|tls handshake timeout|unexpected disconnect|remote end hung up|RPC failed|early EOF|"
    r"rate limit|too many requests|\b(?:HTTP )?(?:429|502|503|504)\b(?=\D*(?:$|error|bad|service|gateway|too|unavailable|"
    r"time))|service unavailable|"
    r"bad gateway|gateway time-?out|temporarily unavailable|overloaded|try again later|socket hang up|read timed out|i/o timeout",
    re.I,
)
_NETWORK = re.compile(
    r"\bENOTFOUND\b|could not resolve host|name or service not known|getaddrinfo|no such host|ECONNREFUSED|failed to connect", re.I
)


def is_transient(message: str) -> bool:
    """Whether a failure line tells of something that passes by itself."""
    return bool(_TRANSIENT.search(message))


def is_network(message: str) -> bool:
    """Whether a failure line tells that the network could not be reached at all (as from within a sandbox)."""
    return bool(_NETWORK.search(message))
