"""What does a file say that somebody sends us, row by row, before anybody judges its values?

Words: *shape* (a kind of file, told by its header), *physical row* (a row as the sender counts it, blank lines
apart), *baris* (the number of a row as a spreadsheet shows it, the header line being one of them), *form* (how a
row is written; what it says is for others to judge), *returned file* (rejected rows in the sender's own format).

`reception.recognise` and `reception.receive` take a file in; `returning.write_rejected` gives rejected rows back.
Nothing here knows a database. Files written here hold personal data and are readable by their owner only.
"""
