"""Rhomboid: explained decision support for physical therapy of the upper back."""
