"""Where detections go, and in which format."""
