"""How good a model is at streams: what is played to it, and how its detections are counted."""
