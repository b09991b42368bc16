"""Form words of consent, correction and closing: small closed lists, English first, a few of other languages, tolerant of spelling.

Only words that say how something is meant stand here, never what it is about: "no" and "wrong" alone find few corrections, polite
questions ("can't we …?", "why not just …?") and complaints stated as facts ("I still don't see …") find most.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hardwon.text.words import edit_distance, words

CONSENT = frozenset(
    "yes y yeah yep yup ya sure ok okay k kk fine go ahead proceed continue carry on do it please lgtm approved "
    "approve agreed agree good great perfect nice cool awesome excellent thanks thank you thx ty sounds looks right "
    "correct exactly yesplease ja oui si sí да ok好 好 好的 是 是的 继续 はい weiter vale claro sim bitte merci danke gracias "
    "that works all of them both the first second third option options number choice a b c d e them this that is now "
    "then and one two three let's lets with your plan retry recommendation recommended suggestion suggested approach "
    "keep going start next confirm confirmed to me".split()
)
"""Words of which a plain consent is made."""

YES = frozenset(
    "yes y yeah yep yup ya sure lgtm approved approve agreed go proceed continue ja oui sí si да 好 好的 是 はい sim vale".split()
)
"""Words that open a consent and stay one whatever follows."""

MILD = frozenset(
    "ok okay k good great perfect nice cool awesome excellent thanks thank thx fine right correct exactly sounds looks".split()
)
"""Words that open a consent, an approval, or just anything."""

STRONG = frozenset(
    "why cant cannot couldnt shouldnt isnt arent doesnt dont didnt wasnt werent wont wouldnt no nope not never "
    "instead still actually wrong incorrect incorrectly broken breaks stop wait revert undo rather supposed "
    "unnecessary missing unwanted mistake misunderstood wdym nicht kein keine nein warum wieso stattdessen sondern "
    "falsch immernoch pourquoi pas plutôt pero porque porqué incorrecto todavía não нет не почему вместо 不 为什么 不要 不是 "
    "なぜ 違う".split()
)
"""Words that redirect or contradict."""

WEAK = frozenset(
    "also again should but only just remove unless must however without except already longer thought previously".split()
)
"""Words that redirect where what stood before makes it likely."""

FRAMES = re.compile(
    r"\b(?:i thought|no longer|(?:is|are|was|were|did|does|do|should) (?:it|this|that|we|you|i|they|there|the \w+) (?:not|"
    r"still|really|even|actually)|"
    r"should (?:have|be|not)|use \S+(?: \S+){0,3} (?:instead of|not|rather than)|instead of|rather than|what about|how "
    r"about|how come|"
    r"not \S+(?: \S+){0,4},? but|,\s*not (?!only|just|sure)\w+|you (?:forgot|missed|removed|broke|changed|ignored|skipped)|"
    r"(?:do|did) (?:we|you) (?:really )?need|don'?t need|doesn'?t (?:work|look|seem|show)|i (?:said|asked|meant|told|wanted)|"
    r"(?:there is|there's|there are|i see|i get|i'm getting|getting) (?:an? |the |still )?(?:error|issue|bug|problem)s?)\b",
    re.I,
)
"""Turns of phrase that redirect, found in any project."""

_HARMLESS = re.compile(
    r"\b(?:if not|or not|not (?:sure|only|just|yet)|no (?:problem|worries|issues?|rush)|whether or not|why don'?t (?:you|"
    r"we)|is there any reason)\b",
    re.I,
)
_SPELT = sorted(word for word in STRONG | WEAK | YES | MILD if len(word) >= 5 and word.isascii())
_APOSTROPHE = re.compile(r"['’`´]")
_CHOICE = re.compile(r"^(?:#?\d{1,2}|[a-e])$")


def tokens(text: str) -> list[str]:
    """Lower-case words with apostrophes taken out ("can't" → "cant") and near misses of form words repaired."""
    return [_spelt(word) for word in words(_APOSTROPHE.sub("", text)[:4_000])]


@lru_cache(maxsize=20_000)
def _spelt(word: str) -> str:
    if len(word) < 6 or word in STRONG or word in WEAK or word in CONSENT or not word.isalpha():
        return word
    near = [
        known for known in _SPELT if abs(len(known) - len(word)) <= 1 and known[0] == word[0] and edit_distance(word, known, 1) <= 1
    ]
    return near[0] if near and near[0][:-1] != word and near[0] != word[:-1] else word


def is_consent(spoken: list[str]) -> bool:
    """Nothing but yes: consent words and choices ("1+2", "option 3"), at most twelve of them, at least one that says yes or
    chooses."""
    if not spoken or len(spoken) > 12:
        return False
    pieces = [piece for word in spoken for piece in re.split(r"[+/,&]", word) if piece]
    if not all(piece in CONSENT or _CHOICE.match(piece) for piece in pieces):
        return False
    return any(
        p in YES or p in MILD or p in {"do", "option", "all", "both", "first", "second", "carry", "keep", "lets"} for p in pieces
    ) or all(_CHOICE.match(p) for p in pieces)


def opens_with_yes(spoken: list[str]) -> bool:
    """Whether a text opens with an unmistakable yes or the choice of an option."""
    return bool(spoken) and (spoken[0] in YES or (len(spoken) > 1 and spoken[0] == "option" and bool(_CHOICE.match(spoken[1]))))


def opens_mildly(spoken: list[str]) -> bool:
    """Whether a text opens with praise or ok, which may lead to anything."""
    return bool(spoken) and spoken[0] in MILD


def redirection(text: str, spoken: list[str]) -> int:
    """How much a text reads like a redirection: 2 for each form word that contradicts or frame, 1 for each weak one (at most 6)."""
    text = _HARMLESS.sub(" ", text)
    spoken = tokens(text) if len(spoken) < 200 else spoken
    strong = sum(1 for word in set(spoken) if word in STRONG)
    weak = sum(1 for word in set(spoken) if word in WEAK)
    return min(6, 2 * strong + weak + (2 if FRAMES.search(text) else 0))
