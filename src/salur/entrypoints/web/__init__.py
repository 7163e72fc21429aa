"""Where people sign in and look: pages made on the server, readable without scripts.

Words: *officer* (who is signed in), *page* (what a template shows, prepared beforehand),
*step* (one colour of the ramp).
"""
