"""Mistakes of accumulation: a product replaces the sum so far."""

from convolab.definition.mistakes.changes import keep_if, last_of, only_images
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.variation import BACK, FORWARD, WEIGHT, Variation

OVERWRITING = [
    Mistake(
        "overwrites",
        "= where += belongs",
        "Each product replaces the sum so far and is not added to it: only the last one stays",
        "How many products should one element add up, and how many does it contain at the end?",
        (
            Variation("", FORWARD, taps=last_of("c", "k", only_real=False)),
            Variation("", FORWARD, taps=last_of("c", "k")),
            Variation("", BACK, taps=last_of("co", "o")),
            Variation("", BACK, taps=last_of("co", "k")),
            Variation("", BACK, taps=last_of("o", "co")),
            Variation("", BACK, taps=last_of("o")),
            Variation("", BACK, taps=last_of("k")),
            Variation("", WEIGHT, taps=last_of("o", only_real=False), arguments=only_images(slice(-1, None))),
            Variation("", WEIGHT, taps=last_of("o"), arguments=only_images(slice(-1, None))),
            Variation("the last of every channel is added", FORWARD, taps=last_of("k", only_real=False)),
            Variation("the last of every channel is added", FORWARD, taps=last_of("k")),
            Variation(
                "only the last row of the kernel stays",
                FORWARD,
                taps=keep_if(lambda s: s.k[:, 0] == s.geometry.kernel[0] - 1),
                least_dims=2,
            ),
            Variation(
                "only the last channel stays", FORWARD, taps=keep_if(lambda s: s.c == s.geometry.weight_shape[1] - 1)
            ),
            Variation(
                "only the last row of the last channel stays",
                FORWARD,
                taps=keep_if(
                    lambda s: (s.c == s.geometry.weight_shape[1] - 1) & (s.k[:, 0] == s.geometry.kernel[0] - 1)
                ),
                least_dims=2,
            ),
            Variation("only the last output channel stays", BACK, taps=last_of("co")),
            Variation("only the last image of the batch stays", WEIGHT, arguments=only_images(slice(-1, None))),
            Variation("the last of every image is added", WEIGHT, taps=last_of("o", only_real=False)),
            Variation("the last of every image is added", WEIGHT, taps=last_of("o")),
            Variation(
                "only the last row of outputs stays",
                WEIGHT,
                taps=keep_if(lambda s: s.o[:, 0] == s.geometry.output[0] - 1),
                least_dims=2,
            ),
            Variation(
                "only the last row of the last image stays",
                WEIGHT,
                arguments=only_images(slice(-1, None)),
                taps=keep_if(lambda s: s.o[:, 0] == s.geometry.output[0] - 1),
                least_dims=2,
            ),
        ),
    ),
]
