"""Who people are, what their role lets them do, and the decorators that hold every view to it."""
