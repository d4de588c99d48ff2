"""Numbers in a program that stand for the size of the whole set: they become those of the small part that is served."""

import ast

from convolab.verify.exercise1.inside.images import ServedImages

TRAIN, TEST = 60_000, 10_000
PARTS = (60_000, 59_999, 55_000, 54_000, 50_000, 48_000, 45_000, 40_000, 20_000, 15_000, 12_000, 6_000, 5_000)
HELD_BACK = (50_000,)  # beside it 10,000 are the rest of the training set, not the test set


class SizesOfTheSet(ast.NodeTransformer):
    """Scales every such number of a tree, so that loops and splits over 60,000 images go over what there is."""

    def __init__(self, images: ServedImages):
        self._train, self._test = len(images.train_images), len(images.test_images)
        self._split = False
        self.steps_sometimes = False  # a step is taken every so many batches, of which the small part may have fewer

    def visit_Module(self, node: ast.Module) -> ast.AST:
        numbers = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, int)}
        self._split = bool(numbers & set(HELD_BACK))
        self.steps_sometimes = any(map(_steps_sometimes, ast.walk(node)))
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, int) or isinstance(node.value, bool):
            return node
        if node.value in PARTS or (node.value == TEST and self._split):
            return self._instead(node, max(1, round(node.value * self._train / TRAIN)))
        return self._instead(node, self._test) if node.value == TEST else node

    @staticmethod
    def _instead(node: ast.Constant, value: int) -> ast.AST:
        return ast.copy_location(ast.Constant(value), node)


def _steps_sometimes(node: ast.AST) -> bool:
    """Return whether this is a condition with a remainder under which something takes a step."""
    if not isinstance(node, ast.If) or not any(isinstance(n, ast.Mod) for n in ast.walk(node.test)):
        return False
    calls = [n.func for part in node.body for n in ast.walk(part) if isinstance(n, ast.Call)]
    return any(isinstance(f, ast.Attribute) and f.attr == "step" for f in calls)
