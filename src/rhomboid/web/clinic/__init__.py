"""The therapist's day: the pages of the clinic."""
