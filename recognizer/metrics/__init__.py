"""Numbers about a listener that runs for long, for Prometheus."""
