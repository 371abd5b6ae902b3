"""How statements reach the database: queries whose SQL is made once.

Knows no table. Every room above may use it; what is read and written stands in the rooms.
"""
