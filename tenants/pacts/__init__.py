"""Pacts (公约) are rules that residents agree on."""
