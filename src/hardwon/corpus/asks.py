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
        families, largest reach first; a set is left out when a larger set has (nearly) the same clauses.
    """
    where: dict[frozenset[str], list[int]] = _sets(corpus, parts, least)
    kept: list[Family] = []
    for stems, rows in sorted(where.items(), key=lambda x: (-len(x[0]), -len(x[1]), sorted(x[0]))):
        sessions = tuple(sorted({parts[i].session for i in rows}))
        if any(stems < k.stems and len(sessions) <= len(k.sessions) for k in kept):
            continue
        kept.append(Family(stems, tuple(parts[i] for i in rows), sessions, corpus.lineage_count(sessions)))
    return sorted(kept, key=lambda f: (-f.lineages, -len(f.stems), sorted(f.stems)))


def _sets(corpus: Corpus, parts: Sequence[Clause], least: int) -> dict[frozenset[str], list[int]]:
    """Level-wise item sets with their clauses, counted in lineages."""
    rows: dict[frozenset[str], list[int]] = defaultdict(list)
    for i, part in enumerate(parts):
        for s in part.stems:
            rows[frozenset([s])].append(i)
    level = {k: v for k, v in rows.items() if _reach(corpus, parts, v) >= least}
    frequent = {next(iter(k)) for k in level}
    result = dict(level)
    for _ in range(MAX_SET - 1):
        grown: dict[frozenset[str], list[int]] = {}
        for base, where in level.items():
            near = Counter(s for i in where for s in parts[i].stems if s in frequent and s not in base)
            for s, n in near.items():
                wider = base | {s}
                if n >= least and wider not in grown:
                    both = [i for i in where if s in parts[i].stems]
                    if _reach(corpus, parts, both) >= least:
                        grown[wider] = both
        result.update(grown)
        level = grown
    return result


def _reach(corpus: Corpus, parts: Sequence[Clause], rows: Iterable[int]) -> int:
    return corpus.lineage_count({parts[i].session for i in rows})
