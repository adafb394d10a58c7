"""Finding the article on its page: its blocks without the furniture, and the readers' comments set apart.

Nothing here knows the room beside it, `facts/`.
"""
