# -*- coding: utf-8 -*-
# Practica 2: filtros espaciales
import numpy as np

def apply_convolution(img, kernel):
    """Aplica la mascara a la imagen (sin relleno)."""
    filas = len(img) - len(kernel) + 1
    columnas = len(img[0]) - len(kernel[0]) + 1
    resultado = np.zeros((filas, columnas))
    for i in range(filas):
        for j in range(columnas):
            suma = 0
            for ki in range(len(kernel)):
                for kj in range(len(kernel[0])):
                    suma += int(img[i + ki][j + kj] * kernel[ki][kj])
            resultado[i][j] = suma
    return resultado


if __name__ == '__main__':
    imagen = np.random.randint(0, 256, (8, 8))
    media = np.ones((3, 3)) / 9
    print(apply_convolution(imagen, media))
