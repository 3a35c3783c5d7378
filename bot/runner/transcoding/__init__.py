"""Makes a copy of a video that is small enough for the place that it goes to."""
