"""What a user can meet: what happened, and what to do."""


class ViewError(Exception):
    """Something that cannot be shown or read, in a sentence or two."""
