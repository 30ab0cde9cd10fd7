"""The patient's phone: what a person sees of their own care. It knows records and the look, nothing of the clinic's pages."""
