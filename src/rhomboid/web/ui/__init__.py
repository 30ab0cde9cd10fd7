"""The look: components, styles and drawings. It knows no records."""
