import convolab as cl

# The cell passes if nothing is raised; otherwise the AssertionError's text says which mistake it is.
cl.check(apply_convolution).raise_for_failure()
cl.check(conv_gradient_wrt_input).raise_for_failure()
