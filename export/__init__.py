"""Turns a trained network into one ONNX file, proven equal."""
