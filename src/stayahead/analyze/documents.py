"""Finds the primary documents that a text links to: a court's filing, a company's release, an agency's own site.

Told by the address alone: whoever reads may then look for himself. What an address is good for stands in one small
table; a link to another newspaper is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stayahead.analyze.prose import Prose
from stayahead.model import Document, DocumentKind, Statement
from stayahead.urls import host

KIND = "documents"

_SITES: dict[str, DocumentKind] = {
    # Courts and what is filed with them.
    "courtlistener.com": "court",
    "supremecourt.gov": "court",
    "uscourts.gov": "court",
    "justice.gov": "court",
    "judiciary.uk": "court",
    "bailii.org": "court",
    "curia.europa.eu": "court",
    "echr.coe.int": "court",
    "icc-cpi.int": "court",
    "icj-cij.org": "court",
    "bundesverfassungsgericht.de": "court",
    "bundesgerichtshof.de": "court",
    "conseil-etat.fr": "court",
    "courdecassation.fr": "court",
    "poderjudicial.es": "court",
    "documentcloud.org": "court",
    # What companies must say, and what they say.
    "sec.gov": "filing",
    "companieshouse.gov.uk": "filing",
    "londonstockexchange.com": "filing",
    "bundesanzeiger.de": "filing",
    "prnewswire.com": "release",
    "businesswire.com": "release",
    "globenewswire.com": "release",
    "presseportal.de": "release",
    "ots.at": "release",
    "newswire.ca": "release",
    "prnewswire.co.uk": "release",
    # Research.
    "doi.org": "paper",
    "arxiv.org": "paper",
    "biorxiv.org": "paper",
    "medrxiv.org": "paper",
    "nejm.org": "paper",
    "thelancet.com": "paper",
    "science.org": "paper",
    # Public bodies whose names do not say so.
    "un.org": "official",
    "who.int": "official",
    "iaea.org": "official",
    "imf.org": "official",
    "worldbank.org": "official",
    "nato.int": "official",
    "oecd.org": "official",
    "europa.eu": "official",
    "bund.de": "official",
    "bundesregierung.de": "official",
    "bundestag.de": "official",
    "boe.es": "official",
    "lamoncloa.es": "official",
    "legifrance.gouv.fr": "official",
    "parliament.uk": "official",
    "kremlin.ru": "official",
}
"""Kind by domain; what stands below a domain is of its kind. Courts go before the state that they are of."""
_STATE = re.compile(
    r"(?:^|\.)(?:gov|mil|gouv|gob|gov\.[a-z]{2}|gouv\.[a-z]{2}|gob\.[a-z]{2}|go\.[a-z]{2}|gc\.ca|admin\.ch)$"
)
_RELEASE = re.compile(
    r"/(?:press|media|news)[-_]?(?:releases?|room|statements?)(?:/|\b)|/pressemitteilung|/communiques?(?:/|-)",
    re.IGNORECASE,
)
_LINKS_MOST = 200
_URL_CHARS = 2_000


def document_kind(url: str) -> DocumentKind | None:
    """Of which kind the document at an address is; None where it is none that we know.

    >>> document_kind("https://www.courtlistener.com/docket/1/x/"), document_kind("https://www.defense.gov/")
    ('court', None)
    >>> document_kind("https://www.defense.gov/News/Releases/Release/1/"), document_kind("https://news.example/a")
    ('official', None)
    """
    if len(url) > _URL_CHARS:
        return None
    name = host(url)
    path = url.partition("://")[2].partition("/")[2]
    if not path:  # a front page shows something else tomorrow
        return None
    labels = name.split(".")
    for start in range(len(labels) - 1):
        kind = _SITES.get(".".join(labels[start:]))
        if kind:
            return kind
    if _STATE.search(name):
        return "official"
    return "release" if _RELEASE.search("/" + path) else None


def find_documents(prose: Prose) -> Iterator[Statement]:
    """Each document once, where it is linked first."""
    urls: set[str] = set()
    links = ((number, link) for number, block in enumerate(prose.page.blocks) for link in block.links)
    for count, (number, link) in enumerate(links):
        if count >= _LINKS_MOST:
            return
        kind = None if link.url in urls else document_kind(link.url)
        if kind:
            urls.add(link.url)
            value = Document(kind=kind, url=link.url)
            yield Statement(kind=KIND, block=number, start=link.start, end=link.end, value=value)
