# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""Exercise 2 of the lab, cell by cell: `convolab lab 2` opens it."""

import marimo

app = marimo.App(width="medium", app_title="Exercise 2: convolution and edges")


@app.cell
def _():
    import marimo as mo
    import numpy as np

    import convolab as cl
    from convolab.lab.desk import begin, question

    lab = begin(2)
    return cl, lab, mo, np, question


@app.cell
def _(mo):
    mo.md(r"""
    # Exercise 2: convolution from its definition

    You will see what a convolution does, write one from its definition, and find the edges of a photograph with it. If
    what you write is wrong, you are told what it computes instead, and can see which pixels it reads.
    """)
    return


@app.cell
def _(lab):
    lab.overview()
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 1. Two filters

    The Sobel filters are two small tables of weights, each other's transpose:

    $$G_x = \begin{pmatrix} -1 & 0 & 1 \\ -2 & 0 & 2 \\ -1 & 0 & 1 \end{pmatrix}, \qquad
    G_y = G_x^{\mathsf T}.$$

    The edges of an image $I$ are, pixel by pixel,

    $$E = \sqrt{(G_x * I)^2 + (G_y * I)^2}.$$

    Below, $G_x$ lies on a small picture of a seven. Point at an output to see its window and the sum written out; point
    at a weight to see every pixel that it ever meets; type other numbers.
    """)
    return


@app.cell
def _(cl):
    cl.widget("explorer", w="sobel-x")
    return


@app.cell
def _(question):
    question(
        "Question: why do these filters work, and how?",
        r"""
    Each row of $G_x$ subtracts the pixel on the left from the pixel on the right: a **difference**, which is 0 where
    the picture is even and large where brightness changes along the row. The three rows are averaged with the weights
    1, 2, 1, which **smooths** in the other direction, so that a single noisy pixel counts less. The weights add up to
    0: on an even area nothing comes out, however bright it is.

    So $G_x$ answers to *vertical* edges and $G_y$ to *horizontal* ones. The two answers are the components of one arrow
    that points where brightness grows; $E$ is the length of this arrow, and does not depend on its direction.
    """,
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 2. The photograph, and its edges by a reference

    A grey photograph, $286 \times 230$ pixels, as fractions from 0 to 1 without an axis for channels. The reference
    convolves with each filter, takes the root of the sum of squares, and divides it by its maximum. Every output needs
    a whole window: $284 \times 228$ remain. Choose other filters, or type a kernel of your own; point into the picture.
    """)
    return


@app.cell
def _(cl):
    cl.widget("filters")
    return


@app.cell
def _(cl):
    from convolab.lab.figures import photograph

    picture = photograph()
    reference = cl.sobel(picture, engine="numpy")
    reference = reference / reference.max()
    return picture, reference


@app.cell
def _(mo, picture, reference):
    mo.md(
        f"The photograph has {picture.shape[0]} × {picture.shape[1]} pixels from {picture.min():.2f} to "
        f"{picture.max():.2f}; its edges have {reference.shape[0]} × {reference.shape[1]}, the largest is "
        f"{reference.max():.0f}."
    )
    return


@app.cell
def _(question):
    question(
        "How does PyTorch write the reference?",
        r"""
    ```python
    def apply_sobel(img):
        x, y = (F.conv2d(img[None, None], k[None, None]) for k in (G_x, G_y))
        edges = (x**2 + y**2).sqrt()[0, 0]
        return edges / edges.max()
    ```

    `F.conv2d` takes a batch of images with channels, hence the two additional axes in front. The line of convolab does
    the same: `cl.sobel(img) / cl.sobel(img).max()`.
    """,
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 3. The definition

    Without stride and padding, counted from 1, the output $Y = K * X$ has $r(X) - r(K) + 1$ rows and $c(X) - c(K) + 1$
    columns, and

    $$y_{ij} = \sum_{k=1}^{r(K)} \sum_{l=1}^{c(K)} x_{i+k-1,\;j+l-1} \cdot k_{kl}.$$

    The kernel is not turned: strictly, this is a *cross-correlation*. Everybody in deep learning calls it convolution.
    """)
    return


@app.cell
def _(cl, np):
    cl.explore(np.arange(1, 31).reshape(5, 6), np.array([[1, 2], [3, 4], [5, 6]]))
    return


@app.cell
def _(question):
    question(
        "Question: why r(X) − r(K) + 1 rows, and not r(X)?",
        r"""
    The first window begins in row 1. The last one ends in row $r(X)$, so it begins in row $r(X) - r(K) + 1$. In between
    there is one window for every row to begin in.
    """,
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ### One element

    Write $y_{ij}$. `i` and `j` count from 1, as in the formula; a NumPy array counts from 0.
    """)
    return


@app.cell
def _(lab):
    lab.task("compute_convolution_at_position")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ### All elements

    Write the whole output, for an image and a kernel of any size. (The lab sheet fixes the size at $H - 2$ by $W - 2$,
    which is right for kernels of $3 \times 3$ only.) You may use the function above.
    """)
    return


@app.cell
def _(lab):
    lab.task("apply_convolution")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ### Edges

    Now the edges of the photograph, with your own convolution: the root of the sum of both squares, divided by its
    maximum. `G_x` and `G_y` stand at the beginning of your file. The picture must be the one of section 2.
    """)
    return


@app.cell
def _(lab):
    lab.task("apply_custom_sobel")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 4. A staircase

    A layer of a network computes the same sum with a few more indices. One is added at each step.

    ### Stride

    The window moves by $s$ pixels at a time: $y_{ij}$ reads from row $s\,(i-1) + 1$ on. How many windows fit now?
    """)
    return


@app.cell
def _(cl):
    cl.widget("explorer", w="sobel-x", stride=2)
    return


@app.cell
def _(question):
    question(
        "How many windows fit?",
        r"""
    The last window that fits begins at most $r(X) - r(K)$ rows below the first. In steps of $s$ this is
    $\lfloor (r(X) - r(K)) / s \rfloor + 1$ windows; rows that are left over below are never read.
    """,
    )
    return


@app.cell
def _(lab):
    lab.task("convolve_with_stride")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ### Padding

    $p$ rows and columns of zeros are laid around the image, on every side. With $p = (r(K) - 1) / 2$ and stride 1 the
    output is as large as the image.
    """)
    return


@app.cell
def _(cl):
    cl.widget("explorer", w="sobel-x", stride=2, padding=1)
    return


@app.cell
def _(lab):
    lab.task("convolve_with_padding")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ### Channels

    An image has several planes, such as red, green and blue, and a filter has one kernel for each of them. The planes
    are added up: one filter gives one output plane. Several filters give several.

    $$y_{o\,ij} = \sum_{c} \sum_{k} \sum_{l} x_{c,\,i+k-1,\,j+l-1} \cdot k_{o\,c\,kl}$$
    """)
    return


@app.cell
def _(cl, np):
    rng = np.random.default_rng(0)
    cl.explore(rng.integers(0, 6, (2, 5, 6)), rng.integers(-2, 3, (2, 2, 3, 3)))
    return


@app.cell
def _(question):
    question(
        "Question: how many weights have 32 filters of 3 × 3 on an image of 3 channels?",
        r"""
    One kernel for each pair of an input and an output channel: $32 \cdot 3 \cdot 3 \cdot 3 = 864$, and 32 biases if
    there are any. The size of the image does not enter: the weights are shared by all windows.
    """,
    )
    return


@app.cell
def _(lab):
    lab.task("convolve_channels")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ### Batch

    Several images at once, each for itself, with the same filters: an index in front that nothing is added up over.
    This is what `torch.nn.functional.conv2d` computes.
    """)
    return


@app.cell
def _(lab):
    lab.task("convolve_batch")
    return


@app.cell
def _(lab, mo):
    mo.md(f"""
    ## What you hand in

    `{lab.hand_in.path.name}` holds everything that you have written here. In a terminal,
    `convolab check {lab.hand_in.path.name}` judges it once more. Exercise 3 finds the gradients of what you
    wrote: `convolab lab 3`.
    """)
    return


if __name__ == "__main__":
    app.run()
