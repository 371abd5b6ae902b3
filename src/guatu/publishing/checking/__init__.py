"""核对数字: an edited circular against the run. Pure: texts in, findings out.

Not here: reading docx (engines.gongwen.reading) and what the run says (circular, wording).
"""
