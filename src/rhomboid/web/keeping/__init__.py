"""Keeping an installation: starting it, backing it up, bringing it back, looking after it. The commands in `cli` call these."""
