"""What the files of one pull request may use up, however many questions are asked about them."""

from __future__ import annotations

from dataclasses import dataclass

MOST_FILES = 300
MOST_CPU_SECONDS = 60.0
MOST_DEATHS = 3

_SPENT = f"not analysed: the other files have used up the {MOST_CPU_SECONDS:.0f} seconds for it"
_DEADLY = f"not analysed: {MOST_DEATHS} other files made the analysis crash"
_TOO_MANY = f"not analysed: only {MOST_FILES} files are analysed at a time"


@dataclass
class Allowance:
    """What was used up so far: seconds of processor time, and children that died."""

    cpu_seconds: float = 0.0
    deaths: int = 0

    def refusal(self, files: int, cpu_seconds: float) -> str:
        """Why the next file is not analysed, "" where it is.

        Args:
            files: how many of the same question were analysed.
            cpu_seconds: what the child at work has used, which is not counted yet.
        """
        if files >= MOST_FILES:
            return _TOO_MANY
        if self.deaths >= MOST_DEATHS:
            return _DEADLY
        return _SPENT if self.cpu_seconds + cpu_seconds >= MOST_CPU_SECONDS else ""
