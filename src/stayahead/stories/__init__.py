"""Stories: inputs go in, numbered updates about stories come out."""

from stayahead.stories.cluster import Clusterer, Row
from stayahead.stories.engine import StoryEngine

__all__ = ["Clusterer", "Row", "StoryEngine"]
