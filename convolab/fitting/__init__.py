"""What a function really computes: the relation between its places, fitted to what it reads, and said in a sentence.

A function that is linear in both of its factors is the list of its products. `readings` finds the products by calling
it, `laws` and `channels` say which relations a program can follow, `search` finds the simplest that give just those
products in several geometries, `fit` proves them on other numbers and shapes, and `words` says them.
"""
