"""What exactly did a run read and write? Sealed, immutable datasets, and the archive of files as received and as sent.

Words: *dataset* (sealed Parquet listed by one catalogue row), *digest* (of its content, the same whichever engine wrote it),
*archive* (files that hold personal data, 0600). What no catalogue row lists does not exist and is swept.
"""
