OK_FORMAT = False

from otter.test_files import test_case

import convolab as cl

name = "test_convolution"
points = None


@test_case(points=1, hidden=False)
def test_forward_in_a_fifth_of_all_cases(apply_convolution):
    cl.check(apply_convolution).raise_for_failure(least=0.2)


@test_case(points=1, hidden=False)
def test_forward(apply_convolution):
    cl.check(apply_convolution).raise_for_failure()


@test_case(points=2, hidden=False)
def test_gradient_with_respect_to_the_input(conv_gradient_wrt_input):
    cl.check(conv_gradient_wrt_input).raise_for_failure()
