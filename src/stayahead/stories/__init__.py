"""Stories: inputs go in, numbered updates about stories come out."""

from stayahead.stories.cluster import Clusterer, Row, arrival_of
from stayahead.stories.engine import StoryEngine

__all__ = ["Clusterer", "Row", "StoryEngine", "arrival_of"]
