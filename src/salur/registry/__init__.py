"""Who lives where, in what condition?

Words: *family* (of one card, KK), *card* (its number over time), *person* (NIK), *holder* (pengurus, who receives for the family),
*account* (by version), *review* (rows that contradict each other wait for a person), *release* (the sealed register of a date).
Neighbours: below stands the foundation; above, enrolment reads the sealed releases, never these tables.
"""
