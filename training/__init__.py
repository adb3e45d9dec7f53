"""Trains and evaluates keyword networks on recordings."""
