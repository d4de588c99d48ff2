import numpy as np

def konvolution(bild, kern):
    hoehe, breite = bild.shape
    kh, kb = kern.shape
    ergebnis = np.zeros((hoehe - kh + 1, breite - kb + 1), dtype=int)
    for zeile in range(ergebnis.shape[0]):
        for spalte in range(ergebnis.shape[1]):
            summe = 0.0
            for i in range(kh):
                for j in range(kb):
                    summe += bild[zeile + i, spalte + j] * kern[i, j]
            ergebnis[zeile, spalte] = summe
    return ergebnis
