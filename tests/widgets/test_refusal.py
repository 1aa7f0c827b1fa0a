"""How far a control goes when a rule stands in its way."""

import pytest

from tests.widgets.javascript import Javascript

# Legal are the multiples of 3, from 1 to 12.
WALK = """((now, target, past) => walk({
  now, target, past, min: 1, max: 12,
  at: (value) => ({ value }),
  forbids: ({ value }) => (value % 3 ? { rule: `${value} is no multiple of 3` } : null),
}))"""


@pytest.mark.parametrize(
    ("now", "target", "past", "value", "refused"),
    [
        (3, 9, False, 9, None),
        (3, 3, False, 3, None),
        (3, 8, False, 6, 7),  # as near as it comes, and what stopped it there
        (9, 4, False, 6, 5),
        (3, 5, False, 3, 4),
        (3, 8, True, 9, 8),  # on to the next one, and what was asked for
        (9, 4, True, 3, 4),
        (9, 11, True, 12, 11),
        (12, 13, True, 12, 13),
        (1.5, 4, True, 3, 4),  # from a ratio
    ],
)
def test_a_control_goes_as_far_as_the_rules_allow(now, target, past, value, refused):
    arrived = Javascript("parts/refusal").evaluate(f"{WALK}({now}, {target}, {str(past).lower()})")
    assert arrived["value"] == value
    if refused is None:
        assert arrived["why"] is None
    else:
        assert arrived["refused"] == refused
        assert arrived["why"] == {"rule": f"{refused} is no multiple of 3"}
