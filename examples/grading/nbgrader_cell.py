import convolab as cl

# The text says which mistake it is, and the last line is what nbgrader takes as points: of 2, in part for what is right
# in part. With raise_for_failure() instead it is all or nothing.
report = cl.check(apply_convolution)
print(report)
2 * report.points
