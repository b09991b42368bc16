"""Whether a value that stands where secrets stand is one: not a placeholder, not a variable, not a word, and random enough."""

from __future__ import annotations

import math
import re
from collections import Counter

_PLACEHOLDER = re.compile(
    r"(?i)[*x.\-_•#?]{3,}\Z|.*(?:\*\*\*|\.\.\.|…|xxxx|1234567890\Z)|(?:<|\$|%|\{|\[|#\{|@|&|!|~/|/|\./)"
    r"|.*\b(?:your|my|the|some|insert|replace|change|enter|add)[-_ ]?(?:own|api|secret|token|password|key|here|me|this)"
    r"|(?:example|placeholder|changeme|redacted|dummy|fake|sample|foobar|todo|tbd|null|none|nil|undefined|true|false|string|optional|"
    r"required|unset|empty|missing|hidden|masked|default|unknown|password|passwd|secret|token|pass|test|value|env)[\W\d_]*\Z"
    r"|.*(?:process\.env|os\.environ|getenv|import\.meta|secrets\.|vault:|env\(|env\.|env\[|config\.|settings\.|\$\{)"
)
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_NUMBER = re.compile(r"[\d.,:_+-]+(?:[a-zA-Z%]{1,3})?\Z")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_]*(?:[.\-/:]+[A-Za-z_]+)*[0-9]{0,2}[?!]?\Z")
_PATH = re.compile(r"(?:\.{0,2}/|~/|[A-Za-z]:\\|https?:|file:|[\w-]+/[\w./-]+\.\w{1,5}\Z)")
_COMMON = frozenset(
    "password passwd pass pw secret postgres root admin user test guest mysql mongo redis example localhost".split()
)


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values()) if size else 0.0


def no_placeholder(value: str) -> bool:
    """Whether a value is meant as one: no variable, no asterisks, no `your-token`, no well-known default."""
    return value.lower() not in _COMMON and _PLACEHOLDER.match(value) is None


def looks_mixed(value: str) -> bool:
    """Whether capitals and small letters are mixed as no word mixes them."""
    return any(letter.isupper() for letter in value) and any(letter.islower() for letter in value) and entropy(value) > 3.0


def looks_random(value: str) -> bool:
    """Whether a long value is made by a machine: digits among letters, and no structure to speak of."""
    has_digit = any(letter.isdigit() for letter in value)
    has_letter = any(letter.isalpha() for letter in value)
    return has_digit and has_letter and entropy(value) >= 2.8 and no_placeholder(value) and not _UUID.match(value)


def looks_secret(value: str, *, quoted: bool = False, password: bool = False) -> bool:
    """Whether the value of something that is called a password, token or key is one.

    quoted: it stood in quotes, so it is a literal and no expression. password: people choose those, so they may be short and plain.
    """
    if not no_placeholder(value) or _NUMBER.match(value) or _UUID.match(value) or _PATH.match(value) or " " in value:
        return False
    has_digit = any(letter.isdigit() for letter in value)
    has_letter = any(letter.isalpha() for letter in value)
    if password and quoted:
        return len(value) >= 6 and has_letter and (has_digit or not _IDENTIFIER.match(value))
    if _IDENTIFIER.match(value) or not has_digit or not has_letter:
        return password and len(value) >= 8 and _symbols(value) >= 2 and has_letter and not _looks_like_code(value)
    if password:
        return len(value) >= 8 and not _looks_like_code(value)
    return len(value) >= (10 if quoted else 12) and entropy(value) >= 3.0 and not _looks_like_code(value)


def _symbols(value: str) -> int:
    return sum(1 for letter in value if letter in "!@#$%^&*+=?~")


def _looks_like_code(value: str) -> bool:
    """`self.token2`, `get-token-v2`, `auth/v1/token`: words joined by dots, dashes or slashes, with a digit at most in the end."""
    parts = [part for part in re.split(r"[._\-/:]+", value) if part]
    if len(parts) < 2 or not all(re.fullmatch(r"[A-Za-z]+\d{0,2}[A-Za-z]*|\d{1,4}", part) for part in parts):
        return False
    humps = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", value)
    return sum(len(hump) == 1 for hump in humps) <= 1 and sum(map(len, humps)) >= 3 * len(humps)
