"""What goes into the engine, what comes out of it, and a story as readers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from stayahead.model.claims import Statement
from stayahead.model.reading import Article, Signals
from stayahead.model.sources import Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A new article."""

    article: Article
    signals: Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A later text of an article that the engine knows."""

    article: Article
    signals: Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreParts:
    """All that ranking needs of a story; `stories.rank` turns it and the weights into a score."""

    articles: int = 0
    origins: int = 0
    """Independent origins: copies and credits folded, back-fill included."""
    publishers: int = 0
    countries: tuple[str, ...] = ()
    """Countries of its publishers, sorted, without unknown ones."""
    pace: float = 0.0
    """Origins that arrived live, each halved every `rank.PACE_HALF_LIFE_S`, as of `pace_at`."""
    pace_at: datetime | None = None
    first_at: datetime
    """`placed_at` of its earliest article."""
    latest_at: datetime
    """`placed_at` of its latest independent article."""
    slept_origins: int = 0
    """Origins that it had when it last slept: they make it no weightier today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHead:
    """A story in a few lines, as it stands after one update: what a front page row needs."""

    id: str
    headline: str
    lead_id: str
    """The article whose headline it is."""
    language: str = ""
    opened_at: datetime
    parts: ScoreParts
    importance_key: float = 0.0
    """Orders stories by score, and does not change as time passes (`stories.rank.importance_key`)."""
    state: Literal["live", "asleep", "merged", "empty"] = "live"
    """`merged`: its id is an alias now; `empty`: every article left it, the id answers 410."""
    pinned: bool = False
    hidden: bool = False
    WORDS: ClassVar[tuple[str, ...]] = ("headline",)
    """Its fields that bear words of its lead: empty once that article is removed. A new text stands here or below."""
    NOT_WORDS: ClassVar[tuple[str, ...]] = ("id", "lead_id", "language", "state")


RemovalReason: TypeAlias = Literal["taken_down", "source_removed", "expired", "legal", "privacy", "mistake"]

REASONS: dict[str, str] = {
    "taken_down": "its publisher took it down",
    "source_removed": "its source is no longer watched",
    "expired": "it is too old to be kept",
    "legal": "a law or a court asks for it",
    "privacy": "a person whom it speaks of asks for it",
    "mistake": "it should not have been taken in",
}
"""Why an article may leave: a closed list, for a reason in free words might say again what was removed."""

RulingVerb: TypeAlias = Literal["join", "split", "pin", "unpin", "hide", "unhide"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """An article leaves; for some weeks that can be taken back."""

    article_id: str
    reason: RemovalReason
    rest: StoryHead | None = None
    """Its story without it, as far as the store knows: for an engine that has let the story sleep."""
    named: int = 0
    """How many stories bear a name made of its id; they keep it for ever."""
    now: bool = False
    """Its words are erased at once, and it never comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """How the owner wants a story shown."""

    pinned: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The owner decides: `join` merges `other_id` into `story_id`; `split` takes `article_ids` out."""

    verb: RulingVerb | Literal["pass"]
    """`pass`, which the owner never says, is an undo that passes over what can no longer be taken back."""
    story_id: str
    other_id: str = ""
    article_ids: tuple[str, ...] = ()
    undoes: int = 0
    """Number of the `ruled` update that it takes back; 0 for none."""
    stored: StoryHead | None = None
    """The story as the store has it: for an engine that has let it sleep."""
    staying: Visibility | None = None
    leaving: Visibility | None = None
    """Where a split takes a join back: how each of the two was shown before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time passed: expiry and late merges may be due."""


Input: TypeAlias = Arrival | Revision | Removal | Ruling | Tick

INPUTS: dict[str, type[Input]] = {
    "arrival": Arrival,
    "revision": Revision,
    "removal": Removal,
    "ruling": Ruling,
    "tick": Tick,
}
"""Every kind of input by its tag in the input log. A tag is written to disk: it never changes its meaning."""
_INPUT_TAGS = {kind: tag for tag, kind in INPUTS.items()}


def input_tag(an_input: Input) -> str:
    """The tag under which the input is logged, as in `INPUTS`."""
    return _INPUT_TAGS[type(an_input)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A story began with this article.

    Add the story with that one article.
    """

    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """An article joined; `copy_of` is the article it copies; `is_origin` says it is an independent one.

    Add the article to the story; where it is a copy, fold it under what it copies.
    """

    article_id: str
    copy_of: str = ""
    is_origin: bool = True
    similarity: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """An article of the story has a new text.

    Read the article again; an equal revision says that only its standing changed: whom it copies, whether it is an
    origin.
    """

    article_id: str
    revision: int
    copy_of: str = ""
    is_origin: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """An article left; `reason` is `taken_down`, `source_removed`, `expired`, `legal`, `privacy` or `mistake`.

    Take the article out, and all words of it: a headline too whose `lead_id` it is, wherever it is kept. A story whose
    `state` is `empty` has no article left, and its id answers 410.
    """

    article_id: str
    reason: str
    named: int = 0
    """How many stories bear a name made of its id: should it come back, none of them is given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The story took all articles of `other_id`, which answers as its alias from now on.

    Move all articles of `other_id` here, and lead that id here for ever.
    """

    other_id: str
    similarity: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`article_ids` left this story for `new_id`, whose head is `new_head`.

    Take those articles out, and add the new story with them.
    """

    new_head: StoryHead
    article_ids: tuple[str, ...]

    @property
    def new_id(self) -> str:
        """Id of the story that the articles went to."""
        return self.new_head.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What the story stands beside, in place of what was said before.

    Replace both lists; an id that has merged since leads on.
    """

    follows: str = ""
    """An earlier story, asleep, of the same affair; or empty."""
    related: tuple[str, ...] = ()
    """Live stories that are near, the nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The owner pinned, unpinned, hid or unhid it, or joins or splits it with this; `undoes` names what it takes back.

    Take `pinned` and `hidden` from the story as it stands after the update; what a join or split does is said by the
    `merged` or `split` that follows. The verb `pass` changes nothing: an undo passes over what cannot be taken back.
    """

    verb: str
    other_id: str = ""
    """The story that a join takes in, or that a split makes."""
    article_ids: tuple[str, ...] = ()
    """What comes with a join, or leaves by a split; of a story taken up again, without what it had before it slept."""
    undoes: int = 0
    """Number of the `ruled` update that this one takes back, or passes over (`pass`); 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """Nothing new for so long that the engine let it sleep; its id answers for ever.

    Keep the story; it only stops growing, until an article wakes it.
    """


Change: TypeAlias = Opened | Joined | Revised | Removed | Merged | Split | Linked | Ruled | Expired
"""Later issues add confirmed, disputed, breaking and withdrawn."""

CHANGES: dict[str, type[Change]] = {
    "opened": Opened,
    "joined": Joined,
    "revised": Revised,
    "removed": Removed,
    "merged": Merged,
    "split": Split,
    "linked": Linked,
    "ruled": Ruled,
    "expired": Expired,
}
"""Every kind of update by its tag on the wire and in the store. A tag is a promise: it never changes its meaning."""
_CHANGE_TAGS = {kind: tag for tag, kind in CHANGES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What changed, numbered. The only thing that leaves the core; its number is every cursor."""

    number: int
    at: datetime
    story: StoryHead
    """The story after the change."""
    change: Change

    @property
    def kind(self) -> str:
        """Tag of the change, as in `CHANGES`."""
        return _CHANGE_TAGS[type(self.change)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article as its story lists it: enough to draw a row, not the text."""

    id: str
    url: str
    title: str
    publisher: Publisher
    placed_at: datetime
    seen_at: datetime
    revision: int = 0
    language: str = ""
    author: str = ""
    image: str = ""
    lede: str = ""
    """Its first sentences, at most 300 characters."""
    copy_of: str = ""
    """The article of this story that it copies, or empty."""
    is_origin: bool = True
    backfill: bool = False
    statements: tuple[Statement, ...] = ()
    """What its title and lede state, where it stands there (`Statements.row`); none when it was not analysed."""

    @property
    def via(self) -> str:
        """See `Article.via`."""
        return self.publisher.name if self.publisher.passes_on else ""


LinkKind: TypeAlias = Literal["follows", "followed_by", "related"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """A story that another one stands beside, as it answers today."""

    kind: LinkKind
    """`follows`: the other is an earlier event of the same affair; `followed_by`: a later one."""
    id: str
    headline: str
    language: str
    latest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePlace:
    """Where an article stands among those of its story: pages go on from it."""

    placed_at: datetime
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The state of a story at one number."""

    head: StoryHead
    number: int
    """Number of the last update that changed it."""
    articles: tuple[StoryArticle, ...] = ()
    """Those that were asked for, by `placed_at`, oldest first, ties by id."""
    originals: tuple[StoryArticle, ...] = ()
    """Of the copies among `articles` those originals that are not among them."""
    reports: tuple[StoryArticle, ...] = ()
    """Its newest articles that copy no other of it, newest first, whichever were asked for."""
    first: StoryArticle | None = None
    """The one that was placed first."""
    lead: StoryArticle | None = None
    """The one whose headline it bears."""
    older: ArticlePlace | None = None
    """Where the articles before these are to be asked for; None when there are none."""
    aliases: tuple[str, ...] = ()
    """Ids that lead here since their stories merged into it."""
    links: tuple[StoryLink, ...] = ()
    """By kind, then the newest first; hidden and forgotten stories are left out."""
