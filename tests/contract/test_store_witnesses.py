"""Articles as they are asked who says so: credits, samples, stated times and documents, as long as they are kept."""

from __future__ import annotations

from dataclasses import replace

from stayahead.analyze import analyze_whole
from stayahead.model import Batch, Block, BlockKind, Entry, Evidence, LinkSpan, Opened, Page
from tests.contract.store_parts import T0, Teller, article, minutes
from tests.stores import Store

LONG = " ".join(f"word{number} of a report" for number in range(40))
FILING = "https://www.courtlistener.com/docket/1/"


def linked(id_: str) -> Evidence:
    """An agency's report of which feed and page state a time and which links to a court's document."""
    block = Block(kind=BlockKind.PARAGRAPH, text=f"PARIS (AFP) - {LONG}", links=(LinkSpan(start=0, end=5, url=FILING),))
    made = article(id_, at=T0)
    entry = replace(made.entry, published=T0 + minutes(-9), author="Cora Jansen, with AP", source=None)
    page = replace(made.page, blocks=(block,), published=T0 + minutes(-7))
    made = replace(made, entry=entry, page=page)
    whole = analyze_whole(page, entry)
    return Evidence(article=made, signals=whole.signals, card=whole.card, statements=whole.statements)


def test_a_witness_has_what_its_signals_claims_and_times_say(store: Store) -> None:
    item = linked("a")
    teller = Teller(store)
    store.commit(Batch(evidence=(item,), updates=(teller.update("a", Opened(article_id="a")),)))
    (witness,) = store.witnesses("a", limit=9)
    assert witness.article.id == "a"
    assert witness.stated == (T0 + minutes(-9), T0 + minutes(-7))
    assert (witness.credits, witness.carried) == (("afp",), ("ap",))
    assert witness.fingerprint == item.signals.fingerprint
    assert witness.shingles == item.signals.shingles > 0
    (claim,) = witness.documents
    assert (claim.article_id, claim.statement.block, claim.statement.start) == ("a", 0, 0)
    assert store.witnesses("a", limit=0) == store.witnesses("unheard", limit=9) == []


def test_a_report_without_credits_states_only_what_it_states(store: Store) -> None:
    teller = Teller(store)
    bare = article("b")
    bare = replace(bare, entry=Entry(id="b", url=bare.url, title="B"), page=Page(title="B"))
    whole = analyze_whole(bare.page, bare.entry)
    item = Evidence(article=bare, signals=whole.signals, card=whole.card, statements=whole.statements)
    store.commit(Batch(evidence=(item,), updates=(teller.update("b", Opened(article_id="b")),)))
    (witness,) = store.witnesses("b", limit=9)
    assert (witness.stated, witness.credits, witness.documents, witness.fingerprint) == ((), (), (), ())
