"""What do our words mean? Values, codes and identifiers that every other part speaks in.

Words: period, rupiah, region code, NIK, KK, identifier, finding reason, refusal. Neighbours: none below; nothing here
knows Django or a context, so that steps and tests can use it anywhere.
"""
