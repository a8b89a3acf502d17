"""How long the months are played in CI: few long lives, since what is wrong about money shows only far down a chain of payments."""

from hypothesis import settings

SHORT = settings(max_examples=75, stateful_step_count=8, deadline=None)
