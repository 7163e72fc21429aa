"""Who did what, when, and has anybody changed the record since?

Words: *line* (one event or one change of a record), *block* (closed lines, chained by digest), *head* (the newest
block's digest, printed on each approval and copied into each sealed dataset).
"""
