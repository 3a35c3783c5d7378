"""The copy that fits: makes a video small enough for the place that it goes to."""
