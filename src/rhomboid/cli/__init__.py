"""The commands: what a person types, and pages for a terminal. The only room that knows a clock."""
