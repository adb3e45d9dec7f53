"""Hears keywords in live audio with an ONNX model."""
