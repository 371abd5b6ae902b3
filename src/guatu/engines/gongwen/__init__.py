"""GB/T 9704-2012 documents (公文) as docx, and how they fill the 28 × 22 grid.

Not here: what a circular says (`publishing`), number series, PDF.
`guatu.publishing` and later the letters of `dispatch` and `supervision` depend on it.
"""
