"""Stories gather the articles about one event, and tell as numbered updates what changed."""

from stayahead.stories.cluster import Clusterer, Row, arrival_of
from stayahead.stories.engine import StoryEngine

__all__ = ["Clusterer", "Row", "StoryEngine", "arrival_of"]
