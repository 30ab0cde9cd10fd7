"""The sample clinic: invented people at every stage of care, the same for the same seed and day."""

from .clinic import PASSWORD, fill, logins

__all__ = ["PASSWORD", "fill", "logins"]
