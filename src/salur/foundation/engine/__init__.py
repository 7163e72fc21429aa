"""How do tables become tables? One engine per run; steps are written once as Ibis expressions and never see which engine runs them."""
