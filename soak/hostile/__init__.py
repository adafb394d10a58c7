"""Measures from outside what a hostile world does to the service: stalls, memory, and the wait of an honest article.

`stage` runs one attack against the real service, with processes around it: `world` plays the attackers (one class an
attack, in `attacks`), `honest` is a newspaper that nobody may starve, and `beats` a monitor that asks every 50 ms, and
the idle process that says what the machine itself costs. `measure` makes the numbers of what they saw, and judges them.
"""
