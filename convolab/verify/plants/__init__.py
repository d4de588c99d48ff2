"""Programs to check the checker with: right ones in many styles, and every mistake planted in three of them.

They are texts, because they run where hand-ins run. They are written as a learner would write them, not from the
catalogue, which they test.
"""

from convolab.verify.plants.correct import CORRECT
from convolab.verify.plants.planting import STYLES, Plant, check_planted, plants

__all__ = ["CORRECT", "STYLES", "Plant", "check_planted", "plants"]
