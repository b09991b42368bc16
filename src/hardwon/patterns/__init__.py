"""Patterns held against sessions: what each template means, exactly.

*Events* of a session stand in their order: by step, within a step as noticed (simple commands of one shell line in theirs).
"Before", "after" and "between" speak of that order and always exclude the ends.

*Activations* are the events that match the pattern's activation class: all (`each`), only the first of the session (`first`), or
those with no other match since the last reset event or the session's start (`first_of_block`).

*Candidates* of an activation are the events that match the target class, other than the activation itself, on the template's side
of it, with nothing between the two that

- matches `reset` ("a type check since the last edit": no edit between),
- is an utterance, where the window says `in_turn`,
- matches the activation class, in the alternate templates,
- is of the target's kind, in the chain templates (so that an edit may stand next to an edit though a command was run between),

and not further than `window.steps` in ordinals of steps. With a *correlation* a candidate must share a path, the program or the
fingerprint with the activation; an activation that has none of these values is not an activation of this pattern. `every_file`
asks for a candidate for each path of the activation (a negation is violated by a candidate for any).

| template | an activation is fulfilled when |
| --- | --- |
| always | the event itself matches the target class |
| responded_existence | there is a candidate before or after it |
| response, alternate_response, chain_response | there is a candidate after it |
| precedence, alternate_precedence, chain_precedence | there is a candidate before it |
| not_… | the same template without `not_` would not be fulfilled |

A session is *not applicable* without activations, *broken* with a violation, else *kept*. Four templates are about the session as
a whole; they apply to any session that has events (init and end: events of the activation's kind):

| template | kept when | activations, violations |
| --- | --- | --- |
| existence(n) | at least n events match | all that match; where they are too few only the session's last event, violated |
| absence(n) | fewer than n events match | all that match; violated by the n-th and those after it |
| init | the first event of the class's kind matches | that event |
| end | the last event of the class's kind matches | that event |

`evaluate` answers from an `Index` of the session's events, built once and used for all patterns; `slow.evaluate` says the
same by going through all events each time, and is there to test against. `describe` says a pattern in plain English.
"""

from hardwon.patterns.english import describe, describe_event
from hardwon.patterns.evaluate import evaluate
from hardwon.patterns.index import Index
from hardwon.patterns.matching import matches

__all__ = ["Index", "describe", "describe_event", "evaluate", "matches"]
