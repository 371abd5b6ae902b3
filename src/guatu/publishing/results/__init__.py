"""The result paper of a campaign (成果材料, M-A11): its figures as values, its words, its docx.

Not here: where the figures come from (wall.campaigns works them out of the closed rounds).
"""
