"""Tests of the invented city: what it holds, what its files say, what its arithmetic gives."""
