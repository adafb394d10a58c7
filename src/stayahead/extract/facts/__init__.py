"""What a page tells about itself: headline, authors, dates, language, image, and whether it reports live.

Nothing here knows the room beside it, `body/`.
"""
