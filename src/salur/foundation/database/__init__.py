"""Where is the database, who may enter it, and how do many rows go in and out?

Words: home (the one folder where data lie), place (where the server of a home keeps data and socket), address (how a
role reaches it), run lock (one worker at a time for one thing). Neighbours: vocabulary below; all that stores is above.
Importing anything here starts nothing.
"""
