"""Guatu (挂图): the platform on which a government runs its key projects.

Rooms lie side by side here; docs/architecture.md says what lives where and who may import whom.
"""

__version__ = "0.1.0"
