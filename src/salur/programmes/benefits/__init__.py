"""What is a family due?

`components` says which amounts which member brings, `due` what the family is owed for one period. Pure Ibis
expressions over a rule's own numbers: no engine, no record, no clock.
"""
