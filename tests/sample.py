"""Seeded samples of what takes too long to enumerate in every run: ``--full`` takes all of it."""

import random


class Sample:
    """What a run looks at: a part that its seed names, or all."""

    def __init__(self, seed, full=False):
        self.seed, self.full = seed, full

    def __str__(self):
        if self.full:
            return f"every state (--full); what is drawn is drawn with --seed {self.seed}"
        return f"a sample of the largest enumerations: --seed {self.seed} repeats it"

    def of(self, states, count):
        """Return this many of the states, in their order; all of them in a full run."""
        states = list(states)
        if self.full or len(states) <= count:
            return states
        places = random.Random(self.seed).sample(range(len(states)), count)
        return [states[place] for place in sorted(places)]

    def size(self, full, sampled):
        """Return how many to draw of what has no end."""
        return full if self.full else sampled

    def draw(self):
        """Return a source of random numbers that starts from the seed."""
        return random.Random(self.seed)
