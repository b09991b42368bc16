"""*What it notices*: the user asks for the same specific thing in three or more independent pieces of work, in whatever words.

*Why it matters*: what a person keeps asking for need not be asked for again: it becomes part of how the work is done here.

*Example*: "please add an entry to the changelog, under Unreleased", "and put it in the changelog (Unreleased section)" →
Add an entry to the changelog, under Unreleased.

*When it is wrong*: words of the project's subject return without being an ask (so a family needs the form of a request, and words
that are not the subject itself); a bare verb ("commit") says nothing that an agent does not know; one wish in several rounds of
the same piece of work is one wish (lineages are counted, not sentences).
"""

from __future__ import annotations

from collections import Counter

from hardwon.corpus import Corpus, Member
from hardwon.corpus.asks import Clause, Family, families, split, topic_stems
from hardwon.corpus.evidence import ordered, reference
from hardwon.corpus.requests import REQUEST_VERBS, asks, bare, instruction, vague, verb
from hardwon.model import Attempt, FileTouch, Finding, Rejection
from hardwon.text.words import stem, words

NAME = "asks"
LEAST = 3
ALWAYS = 0.25
"""Share of all work from which a wish counts as standing, and not as one for when it is said."""
GENERIC = frozenset(
    stem(w)
    for w in """
            code codebase file files folder function functions method class test tests testing suite bug bugs
            error errors issue issues problem problems thing things change changes changed work working task
            tasks feature features lint linter linting type types typecheck build commit commits push pull
            branch merge pr review comment comments repo repository project app script command commands line
            lines name names value values data user users page button text output input result results log
            logs message messages step steps way time case example examples option options version latest new
            old current existing good better best correct right wrong same different sure possible necessary
            needed detail details question questions answer plan todo next first last second one two three
            implementation documentation docs doc readme everything something anything main master request
            requests status update updates call sense idea point part place
        """.split()
) | frozenset(stem(v) for v in REQUEST_VERBS)
"""Stems that any project's user says: they found no rule by themselves."""


def analyse(corpus: Corpus) -> tuple[list[Finding], list[Rejection]]:
    """Families of requests with something specific in them.

    Returns:
        findings of kind `repeated_ask`; rejections for families that are generic or not requests.
    """
    parts = split(corpus)
    topic = topic_stems(corpus, parts)
    findings: list[Finding] = []
    rejections: list[Rejection] = []
    taken: set[tuple[str, str]] = set()
    for family in sorted(families(corpus, parts, least=LEAST), key=lambda f: _rank(f, topic)):
        rows = [c for c in family.clauses if asks(c.text) and (c.session, c.utterance) not in taken]
        outcome = _judge(corpus, family, rows, topic)
        if isinstance(outcome, Finding):
            taken |= {(c.session, c.utterance) for c in rows}
            findings.append(outcome)
        elif outcome is not None:
            rejections.append(outcome)
    return findings, rejections


def _specific(stems: frozenset[str], topic: frozenset[str]) -> frozenset[str]:
    return stems - GENERIC - topic


def _rank(family: Family, topic: frozenset[str]) -> tuple[float, int, list[str]]:
    """Most specific and widest first, so that the telling set of a group of overlapping ones takes its clauses."""
    return -(family.lineages * (1 + len(_specific(family.stems, topic)))), -len(family.stems), sorted(family.stems)


def _judge(corpus: Corpus, family: Family, rows: list[Clause], topic: frozenset[str]) -> Finding | Rejection | None:
    sessions = sorted({c.session for c in rows})
    lineages = corpus.lineage_count(sessions)
    if lineages < LEAST:
        return None
    label = " ".join(sorted(family.stems))
    if not _specific(family.stems, frozenset() if _one_verb(rows) else topic):
        return Rejection(label, "generic", "nothing in it that is of this project or person", f"ask:{label}", tuple(sessions))
    if not _about(family.stems, rows):
        return None
    best = _best(family.stems, rows)
    if best is None:
        return Rejection(
            label, "unproven", "asked for in several sessions, but no sentence says it by itself", f"ask:{label}", tuple(sessions)
        )
    return _finding(corpus, family, rows, best)


def _one_verb(rows: list[Clause]) -> bool:
    """Whether most clauses are requests with one and the same verb: then a word of the subject is the object of an ask."""
    verbs = Counter(v for c in rows if (v := verb(c.text)))
    return bool(verbs) and 2 * verbs.most_common(1)[0][1] > len(rows)


def _about(stems: frozenset[str], rows: list[Clause]) -> bool:
    """Whether the clauses are about these words: together they are a fair part of most clauses, or one verb goes with them."""
    shares = sorted(len(stems) / max(1, len(c.stems)) for c in rows)
    return shares[len(shares) // 2] >= 0.34 and (len(stems) >= 2 or _one_verb(rows))


def _best(stems: frozenset[str], rows: list[Clause]) -> Clause | None:
    """The clause that says it best in the user's own words: a request in form, with all the words and little besides, no question,
    not a mere pointer. None where no clause is that."""

    said = Counter(c.stems for c in rows)

    def cost(c: Clause) -> tuple[float, str]:
        return (len(c.stems - stems) + 0.5 * abs(len(words(c.text)) - 5) - 0.8 * (said[c.stems] - 1), c.text)

    full = [c for c in rows if stems <= c.stems and verb(c.text) and not vague(c.text) and len(words(instruction(c.text))) >= 3]
    return min(full, key=cost, default=None)


def _finding(corpus: Corpus, family: Family, rows: list[Clause], best: Clause) -> Finding:
    refs, places, commands, asked = [], Counter[str](), Counter[str](), []
    for clause in rows:
        member = corpus.by_session[clause.session]
        utterance = next(u for u in member.utterances if u.id == clause.utterance)
        refs.append(reference(corpus, member, utterance, quote=clause.text.strip()))
        asked.append(clause.text.strip())
        touched, used = _after(member, utterance.ordinal)
        places.update(touched)
        commands.update(used)
    reach = corpus.lineage_count({c.session for c in rows})
    where = [p for p, n in sorted(places.items()) if n >= max(2, 0.6 * len(rows))][:2]
    ran = [c for c, n in sorted(commands.items()) if n >= max(2, 0.6 * len(rows))][:2]
    text = _sentence(best.text, where, ran, always=reach >= ALWAYS * _working(corpus, {c.session for c in rows}))
    return Finding(
        analyst=NAME,
        kind="repeated_ask",
        subject="ask:" + " ".join(sorted(family.stems)),
        text=text,
        evidence=ordered(refs),
        moment="ask:" + (verb(best.text) or "do"),
        asks=tuple(x for x, _ in Counter(asked).most_common(6)),
        facts={"asked": len(rows), "files": where, "commands": ran, "stems": sorted(family.stems)},
        priority=1.5 * reach,
    )


def _working(corpus: Corpus, sessions: set[str]) -> int:
    """Independent pieces of work that changed files, in the projects of the given sessions."""
    projects = corpus.projects(sessions)
    changed = {
        m.id
        for m in corpus.members
        if m.session.project in projects and any(t.how in ("edit", "write", "delete") for t in m.of(FileTouch))
    }
    return corpus.lineage_count(changed | sessions)


def _sentence(clause: str, where: list[str], ran: list[str], *, always: bool) -> str:
    """The wish as an order where it comes with a fair part of all work; else what it means when it comes."""
    order = instruction(clause)
    named = [p for p in where if p.rsplit("/", 1)[-1].lower() not in order.lower()]
    if always:
        return f"{order[:-1]} (`{named[0]}`)." if named else order
    means = [*(f"change `{p}`" for p in where), *(f"run `{c}`" for c in ran)]
    wish = bare(clause)
    return f'When the user says "{wish}": {_and(means)}; not unasked.' if means else f"Only when asked: {wish}."


def _and(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _after(member: Member, ordinal: int) -> tuple[set[str], set[str]]:
    """Files changed and commands run between an utterance and the next one."""
    after = next((u.ordinal for u in member.utterances if u.ordinal > ordinal), 1 << 60)
    within = [e for e in member.events if ordinal < e.ordinal < after]
    touched = {e.path for e in within if isinstance(e, FileTouch) and e.how in ("edit", "write")}
    ran = {e.command.key for e in within if isinstance(e, Attempt) and e.command and e.outcome == "ok"}
    return touched, ran
