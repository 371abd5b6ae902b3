"""Projects, packages, phases, lists, responsibilities, vocabularies, and who sees which project.

Not here: plans (planning) and figures (reporting). Every room above fetches projects from here.
"""
