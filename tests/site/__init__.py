"""Tests over the whole site: who may open what, tokens, headers, journeys."""
