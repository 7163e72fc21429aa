"""What every context stands on: words, engine, lake, audit, regions, access.

Each part may use the ones named before it, and none of them knows a context above.
"""
