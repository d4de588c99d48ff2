# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""Exercise 3 of the lab, cell by cell: `convolab lab 3` opens it."""

import marimo

app = marimo.App(width="medium", app_title="Exercise 3: the gradients")


@app.cell
def _():
    import marimo as mo

    import convolab as cl
    from convolab.lab.desk import begin, question

    lab = begin(3)
    return cl, lab, mo, question


@app.cell
def _(mo):
    mo.md(r"""
    # Exercise 3: the gradients of the convolution operator

    A layer computes $Y = K * X$ from its input $X$ with one channel, and $\mathcal L$ is any function of $Y$. Somebody
    hands you $\partial\mathcal L / \partial y_{ij}$ for every output. What are the gradients with respect to the kernel
    and to the input? You will derive both, write them, check them by finite differences, and climb along one.
    """)
    return


@app.cell
def _(lab):
    lab.overview()
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 1. With respect to the kernel

    In one dimension first: six inputs, three weights, four outputs, $y_i = x_i k_1 + x_{i+1} k_2 + x_{i+2} k_3$. Every
    line of the drawing is one product. Point at a weight: the lines through it are those by which it reaches the loss.
    """)
    return


@app.cell
def _(cl):
    cl.widget("gradient", at=["w", 0, 0, 2])
    return


@app.cell
def _(question):
    question(
        "Question: what is ∂ℒ/∂k₃, and what is it in two dimensions?",
        r"""
    $k_3$ takes part in every output: $\partial y_i / \partial k_3 = x_{i+2}$. Each output passes on its own share, and
    by the chain rule the shares add up, over all **four** outputs:

    $$\frac{\partial\mathcal L}{\partial k_3} = \sum_{i=1}^{4} \frac{\partial\mathcal L}{\partial y_i}\, x_{i+2}.$$

    (The lab sheet's worked example lets this sum run to 6: there are only four outputs.) In two dimensions

    $$\frac{\partial\mathcal L}{\partial k_{kl}} =
    \sum_i \sum_j \frac{\partial\mathcal L}{\partial y_{ij}} \cdot x_{i+k-1,\;j+l-1}.$$

    It is a cross-correlation again: of the input, with the gradient of the output as its kernel.
    """,
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    Write it in two dimensions: `img` is $X$, and `dloss_dy` holds $\partial\mathcal L / \partial y_{ij}$ for every
    output. The file of this exercise is a new one: what you wrote in exercise 2 is not in it.
    """)
    return


@app.cell
def _(lab):
    lab.task("conv_gradient_wrt_kernel")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 2. With respect to the input

    Now point at an input: the arrows lead from the outputs that it reached back to it, each with the weight through
    which they met. In the middle there are three of them, at the borders fewer.
    """)
    return


@app.cell
def _(cl):
    cl.widget("gradient", at=["x", 0, 0, 2])
    return


@app.cell
def _(question):
    question(
        "Question: what are ∂ℒ/∂x₃ and the border cases x₁, x₂, x₅, x₆?",
        r"""
    With $y_i'$ for $\partial\mathcal L / \partial y_i$:

    | input | gradient |
    | --- | --- |
    | $x_1$ | $y_1' k_1$ |
    | $x_2$ | $y_2' k_1 + y_1' k_2$ |
    | $x_3$ | $y_3' k_1 + y_2' k_2 + y_1' k_3$ |
    | $x_5$ | $y_4' k_2 + y_3' k_3$ |
    | $x_6$ | $y_4' k_3$ |

    (The lab sheet has $k_2 y_1' + k_1 y_3'$ for $x_2$: it must be $y_2'$.) The index of $y'$ falls while that of $k$
    grows: the *turned* kernel meets the gradient of the output.
    """,
    )
    return


@app.cell
def _(question):
    question(
        "Question: which are the bounds in two dimensions?",
        r"""
    $x_{ij}$ meets $k_{kl}$ in the output $y_{ab}$ with $a = i - k + 1$ and $b = j - l + 1$. The output must exist:
    $1 \le a \le r(X) - r(K) + 1$. Solved for $k$, together with $1 \le k \le r(K)$:

    $$L_k = \max(1,\; i - r(X) + r(K)) \;\le\; k \;\le\; U_k = \min(r(K),\; i),$$

    likewise for $l$ with columns, and

    $$\frac{\partial\mathcal L}{\partial x_{ij}} =
    \sum_{k=L_k}^{U_k} \sum_{l=L_l}^{U_l} \frac{\partial\mathcal L}{\partial y_{ab}} \cdot k_{kl}.$$
    """,
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    Write it with four loops and these bounds, or in any other way. From the sizes of the two arguments follows that of
    the input. When it is right, you see the gradient of $\mathcal L = \sum y^2$ for $Y = G_x * {}$photograph: there
    $\partial\mathcal L / \partial y = 2y$.
    """)
    return


@app.cell
def _(lab):
    lab.task("conv_gradient_wrt_input")
    return


@app.cell
def _(question):
    question(
        "Question: what does the picture of the gradient show?",
        r"""
    In which direction each pixel would have to change so that the loss grows: along edges one side becomes brighter and
    the other darker. It is not the picture of the edges, which would be the same for both sides.
    """,
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 3. Is it right? The finite difference

    Move one pixel by a little in both directions, and see how the loss answers:

    $$\frac{\partial\mathcal L}{\partial x_{ij}} \approx
    \frac{\mathcal L(X + \varepsilon E_{ij}) - \mathcal L(X - \varepsilon E_{ij})}{2\,\varepsilon}$$

    where $E_{ij}$ is 1 at the pixel and 0 elsewhere. Below, move ε, and see its error for every ε at once, in float32
    and in float64.
    """)
    return


@app.cell
def _(cl):
    cl.widget("gradient", dims=2, x=[[2, 1, 3, 0], [-1, 0, 2, 1], [4, 1, 0, 2], [1, 3, 2, 0]], w=[[1, -2], [3, 1]])
    return


@app.cell
def _(question):
    question(
        "Question: the sheet takes ε = 10⁻⁶ in float32, and prints −0.22957 against −0.22745. Why do they differ?",
        r"""
    float32 has about seven digits. The loss is a sum over the whole photograph, and the two losses differ in digits
    that are no longer there: what is left of the difference is rounding. A larger ε, or float64, is the remedy. (The
    sheet subtracts the squares before it adds them up, which saves some digits, not enough.) On whole numbers a
    convolution's difference with ε = 1 is exact.
    """,
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    Write the difference for one pixel. `loss` is a function: `loss(img)` is a number.
    """)
    return


@app.cell
def _(lab):
    lab.task("central_difference")
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## 4. Which image maximises the loss?

    Begin with a random image of $9 \times 9$ pixels between 0 and 1, and go 100 steps of $+\,0.01$ times the gradient:
    that is *ascent*. Play it below, and choose what the image must obey.
    """)
    return


@app.cell
def _(cl):
    cl.widget("ascent", constraint="none")
    return


@app.cell
def _(mo):
    mo.md(r"""
    Write the climb. `gradient` is a function: `gradient(img)` is an array as large as the image, the gradient there.
    """)
    return


@app.cell
def _(lab):
    lab.task("climb")
    return


@app.cell
def _(question):
    question(
        "Question: which image maximises this loss?",
        r"""
    None: twice the image gives four times the loss, so without a constraint it grows for ever, and the numbers on the
    axis are powers of ten. What settles is the *direction*. On the unit sphere each step multiplies by
    $I + 2 \eta A^{\mathsf T} A$, where $A$ is the convolution as a matrix: this is power iteration, and it ends at the
    **top right singular vector** of $A$, the image of length 1 that the filter answers to most. For $G_x$ it has dark
    and bright columns in turn, wide enough for the filter's difference to see them.
    """,
    )
    return


@app.cell
def _(lab, mo):
    mo.md(f"""
    ## What you hand in

    `{lab.hand_in.path.name}` holds everything that you have written here. In a terminal,
    `convolab check {lab.hand_in.path.name}` judges it once more.
    """)
    return


if __name__ == "__main__":
    app.run()
