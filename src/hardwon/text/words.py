"""Words of a text: tokens, stems, spelling, clauses. For comparing what people ask for in different words, in English."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

FORM_WORDS: frozenset[str] = frozenset(
    """a about above after again all also already am an and another any anything are aren't around as at be because been
    before being below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't done
    down during each either else enough even ever every everything few for from further get gets getting give given go
    goes going gonna good got had hadn't has hasn't have haven't having he her here hers hi him his how however i i'd i'll
    i'm i've if in instead into is isn't it it's its itself just kind know let let's like ll lot made make makes making
    many may maybe me mean might mine more most much must my myself need needs never next nice no nor not nothing now of
    off ok okay on once one only onto or other others otherwise our ours out over own perhaps please pls possible
    previously probably quite rather re really s said same say see seem seems shall she should shouldn't since so some
    something somewhere still stuff such sure t take than thank thanks that that's the their theirs them themselves then
    there there's these they they're thing things think this those though through thus to too tried try trying two u under
    until up upon us use used using ve very via want wants was wasn't way we we'll we're we've well were weren't what
    what's whatever when where whether which while who whole whom whose why will with within without won't would wouldn't
    yeah yep yes yet you you'd you'll you're you've your yours yourself""".split()
)
"""Words that carry the form of a sentence, not what it is about."""

_TOKEN = re.compile(
    r"""--?[A-Za-z][\w-]*(?:=[^\s,;)"'`]+)?                      # flags
    |(?:[A-Za-z]:[\\/]|~|\.{1,2})?/?[\w@+-]+(?:[/\\][\w@.+*-]+)+/?              # paths
    |[@\#$]?\w[\w+]*(?:[.:_&-][\w+]+)+                           # names with parts: file.ts, test:unit, a-b
    |[A-Za-z]+(?:['’](?:s|t|re|ve|ll|d|m)\b)                     # don't
    |\.\w[\w.-]*                                                 # .env
    |[@\#$]?\w+""",
    re.VERBOSE,
)
_WORD = re.compile(r"[a-z]+\Z")
_CLAUSE = re.compile(
    r"""(?:(?<=[.!?…])["')\]]*\s+|[;\n]+|\s+[-–—]\s+|:\s+
    |,\s+(?=(?:and|then|but|also|so|or|please|can|could|don't|do\ not|never|always)\b)
    |\s+(?=(?:and\ then|and\ also|but|then\ please)\s))""",
    re.VERBOSE | re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_EDGES = re.compile(r"\A[\s,;]+|[\s,;]+\Z")
_VOWEL = re.compile(r"[aeiouy]")


def words(text: str) -> list[str]:
    """Lower-case tokens in order; paths, flags and names with parts stay whole (`src/a.ts`, `--no-verify`, `test:unit`)."""
    return [token.replace("’", "'").rstrip(".:").lower() for token in _TOKEN.findall(text)]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A light English stem: plurals, -ing, -ed, -ly, -er of verbs and the e and doubled letters they change. Words with digits,
    dots, slashes or dashes, and short ones, stay as they are."""
    if len(word) < 4 or not _WORD.match(word):
        return word
    return _final(_without_ending(_singular(word)))


def content_stems(text: str) -> frozenset[str]:
    """The stems of a text's words without form words: what it is about."""
    return frozenset([stem(word) for word in words(text) if word not in FORM_WORDS and (len(word) > 1 or not word.isalpha())])


def edit_distance(a: str, b: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between `a` and `b` (optimal string alignment); any value above
    `limit` is given as `limit + 1`."""
    if a == b:
        return 0
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    older: list[int] = []
    previous = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and (i < 2 or min(previous) > limit):
            return limit + 1
        older, previous = previous, row
    return min(previous[-1], limit + 1)


def repair(word: str, dictionary: Container[str]) -> str:
    """`word`, or the one word of `dictionary` at distance 1 where the word itself is unknown and at least four letters long.

    Where several fit, a swap comes first, then a missing letter, a wrong one, one too many, each in alphabetical order: typing
    errors in the order of how common they are. Words with other signs than letters are never repaired.
    """
    if len(word) < 4 or not _WORD.match(word) or word in dictionary:
        return word
    return next((candidate for candidate in _neighbours(word) if candidate in dictionary), word)


def clauses(text: str) -> list[str]:
    """The clauses of a text: sentences, list items, and parts of a sentence that ask for something of their own."""
    found = []
    for line in text.splitlines():
        pieces = _CLAUSE.split(_BULLET.sub("", line))
        found += [stripped for piece in pieces if piece and (stripped := _EDGES.sub("", piece)).strip(".!?-")]
    return found


def _neighbours(word: str) -> list[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    swaps = sorted({a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1})
    inserts = sorted({a + letter + b for a, b in cuts for letter in letters})
    replacements = sorted({a + letter + b[1:] for a, b in cuts if b for letter in letters})
    deletions = sorted({a + b[1:] for a, b in cuts if b})
    return [*swaps, *inserts, *replacements, *deletions]


def _singular(word: str) -> str:
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    for ending, shortest in (("ingly", 4), ("edly", 4), ("ing", 3), ("ed", 3), ("ly", 4), ("er", 5), ("ion", 5)):
        root = word[: -len(ending)]
        if not word.endswith(ending) or len(root) < shortest or not _VOWEL.search(root):
            continue
        if ending == "ion" and root[-1] not in "st":
            continue
        if ending == "ed" and root.endswith("e"):  # need, speed, agreed
            continue
        return root
    return word


def _final(word: str) -> str:
    """Endings that differ between forms of one word: a doubled consonant, a final e, y for i."""
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls"
    if doubled or (len(word) > 4 and word.endswith("ll") and word[-3] in "aeiou"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("i"):
        word = word[:-1] + "y"
    return word
