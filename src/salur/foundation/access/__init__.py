"""Who may do what, and where? Officers, their roles and their area; the database itself enforces the area.

Words: *officer* (one account of one person), *role* (what the account may do), *area* (a region code; 00 is the
country).
"""
