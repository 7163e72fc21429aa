"""Which places are there, what are they called, and which lies in which?

Words: province, regency, district, village, path, level. The list is packaged data under a licence of its own
(`data/LICENSE-ODbL.md`). Neighbours: vocabulary below; access and every context above.
"""
