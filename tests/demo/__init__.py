"""The invented city end to end: forty messy workbooks in, a closed month and its papers out."""
