"""What only many sessions show together: lineages, families of asks, returning failures, scope and time."""

from hardwon.corpus.lineages import lineages
from hardwon.corpus.view import Corpus, Member, build

__all__ = ["Corpus", "Member", "build", "lineages"]
