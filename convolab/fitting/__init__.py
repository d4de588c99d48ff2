"""What a function really computes: the relation between its places, fitted to what it reads, and said in a sentence.

A function that is linear in both of its factors is the list of its products. `readings` finds the products by calling
it; `rules` and `laws` say which relations a program can follow along an axis, `leading` how images, filters and
channels can go together, `views` in which order arrays can be read. `parts` takes the products apart, `search` finds
the simplest law that gives just those in several geometries, and `fit` proves it on other numbers and shapes. `words`
says the fit in a sentence, `names` gives it a code, and `conventions` the library whose convention it is. `bias` reads
the bias, and `patterns` groups what no fit explains.
"""
