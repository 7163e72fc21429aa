"""A synthetic population and the channels that answer for it: the whole chain can be tried without one real person.

Everything is drawn from a seed through md5, in SQL: the same seed gives the same bytes. What was made wrong on purpose
is written to a `truth.csv` of its own, in a folder that no other part of Salur reads.
"""
