"""`samphire bench`: what this machine does, measured from outside, through the same doors as a person's browser.

A top layer beside `cli`: it may use every other room and no room uses it. One section is one file and one line in
`sections/__init__.py`.
"""
