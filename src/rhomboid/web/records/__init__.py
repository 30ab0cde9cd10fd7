"""The record: tables, actions, the audit trail, and the bridge between rows and reasoning."""
