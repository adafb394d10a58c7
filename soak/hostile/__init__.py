"""Measures from outside what a hostile world does to the service: stalls, memory, and the wait of an honest article.

`stage` runs one attack against the real service: a `world` process plays the attackers (one class an attack, in
`attacks`), an `honest` process a newspaper that nobody may starve, a `beats` process a monitor that asks every 50 ms, and
an `idle` process what the machine itself costs. `measure` makes the numbers of what they saw, and judges them.
"""
