"""Pages of rule books (办法): reading, drafting, live effect, comparing, trying on past rounds.

Not here: the language itself (engines/rulebook), publishing and adopting (services).
"""
