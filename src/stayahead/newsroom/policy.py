"""Says in numbers what matters to the newsroom, for how long, and how much of it is shown.

The numbers stand here and not beside a query, so that one store cannot judge otherwise than another.
"""

from __future__ import annotations

from datetime import timedelta

from stayahead.model import RereadPolicy
from stayahead.stories.weights import EXPIRE_AFTER, SLEEP_FOR

FRONT_HOURS = 48
"""The front page shows stories with something newer than this."""
FRONT_STORIES = 60
"""Stories that the front page shows."""
ARRIVALS_SHOWN = 200
"""Latest independent articles that a story's pace line is drawn from."""
LINKS_SHOWN = 8
"""Links of a kind that a story's page shows."""
REFUSALS_DAYS = 7
"""How far back refused entries count for a source's health."""
WAKEABLE = EXPIRE_AFTER + SLEEP_FOR + timedelta(days=1)
"""How long after its last update the engine may wake a story: so long it is kept, however short updates are kept."""
WITHHELD_FOR = timedelta(days=30)
"""How long the owner can take a removal back; then what the article said is erased."""
REREAD_WITHIN = timedelta(days=9)
"""No page's next read is further ahead: its last step is at 7 days, and a host may ask for one more."""

REREAD = RereadPolicy(front_stories=FRONT_STORIES, origins=3, quiet=timedelta(days=10), asked=1_000, each=4)
"""What is on the front page is read again, and what three say; the last read by schedule is at 7 days, so a story that
was quiet for 10 has nothing left to read. Some sitemaps say that all their pages changed: the 1,000 newest are looked
through. A host is asked once a minute, so more than 4 pages of one would only hide the others (0056)."""
