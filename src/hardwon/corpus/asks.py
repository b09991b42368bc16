"""Families of asks: what the user asks for again and again, in other words each time.

No similarity of two texts alone is safe: `commit` and `commit and update the changelog` are close in form and different in
meaning; the reverse happens as well. So a family is a *set of content words* that returns: clauses are reduced to stems, and
closed sets of stems that stand together in clauses of several independent pieces of work are candidates (closed frequent item
sets; Pasquier et al. 1999), grown level by level, so that the work grows with the number of clauses and not with its square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from hardwon.corpus.view import Corpus, Member
from hardwon.model import Utterance
from hardwon.model.trajectory import Value
from hardwon.text.words import clauses, content_stems, repair, stem, words

ASKING = frozenset({"opening", "addition", "correction", "approval", "closing", "rejection", "answer"})
MAX_CLAUSE_WORDS = 30
MAX_SET = 4
RARE = 60
RARE_SHARE = 0.05


class Clause(Value, frozen=True):
    """One clause of an utterance: its text, its content stems, and where it was said."""

    session: str
    utterance: str
    text: str
    stems: frozenset[str]


class Family(Value, frozen=True):
    """Clauses that share a set of stems, one per session at the least; sessions and lineages say how far it reaches."""

    stems: frozenset[str]
    clauses: tuple[Clause, ...]
    sessions: tuple[str, ...]
    lineages: int


def _dictionary(corpus: Corpus) -> frozenset[str]:
    """Words that may repair a misspelt one: said by the user in two or more sessions."""
    count: Counter[str] = Counter()
    for member in corpus.members:
        count.update({w for u in member.utterances for w in words(u.text)})
    return frozenset(w for w, n in count.items() if n >= 2)


def split(corpus: Corpus) -> list[Clause]:
    """All clauses in which the user may ask for something, in order of sessions, with misspelt words repaired."""
    dictionary = _dictionary(corpus)
    found: list[Clause] = []
    for member in corpus.members:
        for utterance in member.utterances:
            if utterance.kind in ASKING:
                found.extend(_clauses(member, utterance, dictionary))
    return found


def _clauses(member: Member, utterance: Utterance, dictionary: frozenset[str]) -> Iterable[Clause]:
    for text in clauses(utterance.text):
        tokens = words(text)
        if not 1 <= len(tokens) <= MAX_CLAUSE_WORDS:
            continue
        stems = content_stems(text)
        repaired = {stem(_named(_spelt(w, dictionary))) for w in tokens if stem(w) in stems}
        if repaired:
            yield Clause(member.id, utterance.id, text, frozenset(repaired))


def _spelt(word: str, dictionary: frozenset[str]) -> str:
    """A word with a letter lost, doubled or swapped put right. One letter for another is left alone: "style" is no "stale"."""
    right = repair(word, dictionary)
    return right if len(right) != len(word) or sorted(right) == sorted(word) else word


def _named(word: str) -> str:
    """A file's name as people say it: `@CHANGELOG.md` and `changelog` are one word."""
    plain = word.lstrip("@#$")
    name, dot, ending = plain.rpartition(".")
    return name if dot and name.isalpha() and ending.isalnum() and len(ending) <= 4 else plain


def families(corpus: Corpus, parts: Sequence[Clause], *, least: int = 3) -> list[Family]:
    """Closed sets of one to four stems that stand together in clauses of at least `least` lineages.

    Args:
        corpus: for lineages. parts: clauses as `split` gives them. least: lineages needed.

    Returns:
        families, largest reach first; a set is left out when a larger set reaches as many sessions.
    """
    votes = [corpus.lineage.get(p.session, p.session) for p in parts]
    sets = _sets(parts, votes, least)
    widest: dict[frozenset[str], int] = {}
    kept: list[Family] = []
    for stems in sorted(sets, key=lambda s: (-len(s), sorted(s))):
        rows = sets[stems]
        sessions = tuple(sorted({parts[i].session for i in rows}))
        if widest.get(stems, 0) < len(sessions):
            kept.append(Family(stems, tuple(parts[i] for i in rows), sessions, len({votes[i] for i in rows})))
        reach = max(widest.get(stems, 0), len(sessions))
        for one in stems if len(stems) > 1 else ():
            smaller = stems - {one}
            widest[smaller] = max(widest.get(smaller, 0), reach)
    return sorted(kept, key=lambda f: (-f.lineages, -len(f.stems), sorted(f.stems)))


def _sets(parts: Sequence[Clause], votes: Sequence[str], least: int) -> dict[frozenset[str], list[int]]:
    """Item sets with the clauses they stand in, level by level. A set begins with a stem that is not in everybody's mouth (at most
    RARE clauses, or a share of them) and grows by any stem beside it, so that the work follows the number of clauses."""
    where: dict[str, list[int]] = defaultdict(list)
    for i, part in enumerate(parts):
        for s in part.stems:
            where[s].append(i)
    frequent = {s: rows for s, rows in where.items() if len({votes[i] for i in rows}) >= least}
    limit = max(RARE, int(RARE_SHARE * len(parts)))
    result = {frozenset([s]): rows for s, rows in frequent.items()}
    level = {frozenset([s]): rows for s, rows in frequent.items() if len(rows) <= limit}
    for _ in range(MAX_SET - 1):
        grown: dict[frozenset[str], list[int]] = {}
        for base, rows in level.items():
            beside: dict[str, list[int]] = defaultdict(list)
            for i in rows:
                for s in parts[i].stems:
                    if s in frequent and s not in base:
                        beside[s].append(i)
            for s, both in beside.items():
                if len(both) >= least and len({votes[i] for i in both}) >= least:
                    grown.setdefault(base | {s}, both)
        result.update(grown)
        level = grown
    return result
