"""What does the law ask of a family?

Small predicates named as the law names them, one subject a file; `features` gathers what they say about each family
into one row, `eligibility` holds that row against a rule. Pure Ibis expressions: no engine, no record, no clock.
"""
