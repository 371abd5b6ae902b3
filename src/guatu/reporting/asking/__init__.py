"""Questions to numbers before they count (M-C2): measures, the rule book's judgement, wording.

Pure but for `gathering`, which reads tables. Not here: writing (services/figure_questions),
questions about how a workbook reads (intake). The benches and the demo depend on it.
"""
