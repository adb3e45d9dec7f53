"""Answers of a model over time become detections."""
