# Exercice 3 - Filtrage lineaire
import numpy as np


def somme_fenetre(i, j, img, noyau):
    s = 0
    for a in range(len(noyau)):
        for b in range(len(noyau[a])):
            s += img[i + a][j + b] * noyau[a][b]
    return s


def apply_convolution(img, noyau):
    lignes = len(img) - len(noyau) + 1
    colonnes = len(img[0]) - len(noyau[0]) + 1
    y = np.zeros((lignes, colonnes))
    i = 0
    while i < lignes:
        j = 0
        while j < colonnes:
            y[i, j] = somme_fenetre(i, j, img, noyau)
            j += 1
        i += 1
    return y


# test rapide
print(apply_convolution([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[0, 0], [0, 1]]))
