"""行动与指标: what a plan wants reached by when, and the figures that say how far it has come."""
