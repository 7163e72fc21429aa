"""What does the law promise, since when?

Words: programme, rule (one dated version), requirement (condition or hold), feature, component, benefit, index.
`catalogue` holds the rules that are shipped, `conditions` says who may receive, `benefits` what is due.
Neighbours: registry below gives families and persons; enrolment and cycles above ask here.
"""
