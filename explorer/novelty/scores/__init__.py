"""The scores: a file a kind, each score a class, all of them by name in ``registry``."""
