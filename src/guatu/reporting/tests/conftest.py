from tests.intake import blobs, ground, people

__all__ = ["blobs", "ground", "people"]
