"""Someone else's convolution, judged, and the mistake in it named."""

from convolab.verify.judge import check
from convolab.verify.report import Report
from convolab.verify.verdict import FunctionReport

__all__ = ["FunctionReport", "Report", "check"]
