"""LayerReader in a browser: what the page says to a pasted text, against PyTorch's answers."""

import json

import pytest
import torch

from tests.browser.hands import click, fill, nothing, press, push
from tests.browser.states import traits

FAMOUS = "Conv2d(64, 128, 3, stride=2, padding=1, groups=4)"
ERROR = (
    "RuntimeError: Given groups=1, weight of size [64, 3, 7, 7], expected input[1, 1, 224, 224]"
    " to have 3 channels, but got 1 channels instead"
)
LENET = (
    "nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5),"
    " nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10), nn.ReLU())"
)
BRANCHES = """class Net(nn.Module):
    def __init__(self):
        self.conv_1 = nn.Conv2d(3, 8, 3, padding=1)
        self.conv_2 = nn.Conv2d(3, 8, 3, padding=1)
        self.conv_3 = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return torch.cat([self.conv_1(x), self.conv_2(x)], 1)
"""
PRINTED = """Net_1(
  (part_1): Sequential(
    (0): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))
    (1): ReLU()
  )
  (part_2): Linear(in_features=3456, out_features=10, bias=True)
)"""
TABLE = """----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1           [-1, 64, 112, 112]           9,408
       BatchNorm2d-2           [-1, 64, 112, 112]             128
      Sequential-3             [-1, 64, 112, 112]               0
            Conv2d-4           [-1, 64, 100, 112]           9,408
================================================================
"""


def paste(text):
    """Put a text into the box."""
    return lambda view: view.locator("textarea").fill(text)


# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"text": "nn.Conv2d(3, 3, 3, padding=1)\n" * 300}
ACTIONS = [
    (paste("Conv2d(3, 8, 3)"), "'Conv2d(3, 8, 3)'"),
    (press(".cv-inputs > label input", "3", "2"), "'Conv2d(3, 8, 3)', input_shape='32'"),
]
CHANGE = ("input_shape = '28'", "(1, 8, 26, 26)")
AXE_STATES = [
    ({"text": "nn.Conv2d(in_ch, 8, k)"}, nothing),
    ({"text": LENET}, nothing),
    ({"text": LENET, "input_shape": "28"}, nothing),
    ({"text": ERROR}, nothing),
    ({"text": "hello"}, nothing),
    ({"input_shape": "8, in_ch"}, nothing),
    ({}, click("summary")),
    ({}, push("an error")),
]
WORD_STATES = [
    ({"text": "nn.Conv2d(3, 8, 3, groups=2)"}, nothing),
    ({"text": "nn.Conv2d(3, 8, 5, bias=False)", "input_shape": "2, 3, 8, 8"}, nothing),
    ({"text": "nn.Conv2d(3, 8, 5)", "input_shape": "3, 2, 2"}, nothing),
    ({"text": "nn.Conv2d(in_ch, 8, k)"}, fill(".cv-unknowns input", "")),
    ({"text": "RuntimeError: non-positive stride is not supported"}, nothing),
    ({"text": "RuntimeError: Given groups=1, weight of size [8, 16, 3, 3], expected input"
      "[2, 32, 9, 9] to have 16 channels, but got 32 channels instead"}, nothing),
    ({"text": "KeyError: 'conv9'"}, nothing),
    ({"text": "nn.Conv2d(3, 8, 3\nnn.My_layer(3)\nnn.Conv2d(8, 3 3)"}, nothing),
    ({"text": BRANCHES}, nothing),
    ({"text": PRINTED}, nothing),
    ({"text": TABLE}, nothing),
    (LARGEST, nothing),
]  # fmt: skip
TIMED = [(".cv-inputs > label input", ("8", "Backspace")), ("textarea", (" ", "Backspace"))]

# Puts a text and a shape into the fields as a paste does, and reads what stands there then.
ASK = """([text, shape]) => {
  const [box, field] = ["textarea", ".cv-inputs > label input"].map((css) =>
    document.querySelector(css));
  for (const [element, value] of [[box, text], [field, shape]]) {
    element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const all = (css) => [...document.querySelectorAll(css)].map((part) => part.textContent);
  const facts = all(".cv-facts dt");
  return {
    headline: all(".cv-headline").join(" "),
    facts: Object.fromEntries(facts.map((name, i) => [name, all(".cv-facts dd")[i]])),
    message: all(".cv-message").join(" "),
    cause: all(".cv-cause").join(" "),
    outputs: all(".cv-rows tbody td:nth-child(3)"),
    remarks: all(".cv-remarks li"),
    answer: document.querySelector(".cv-answer").textContent,
  };
}"""


@pytest.fixture
def page(open_host):
    page = open_host("layer_reader")
    page.evaluate("(traits) => mount(traits)", traits("layer_reader"))
    return page


def written(shape):
    """Return a shape as Python writes it."""
    return str(tuple(shape))


def cases(folder, name):
    """Return the pasted texts of one kind."""
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def number_of(text):
    """Return the last number of a sum."""
    return int(text.rpartition("=")[2].split()[0].replace(",", ""))


def test_pasted_lines_show_pytorchs_numbers(page, pytestconfig):
    shown = 0
    for case in cases(pytestconfig.option.pastes, "lines.jsonl"):
        expect = case["expect"]
        if "output" not in expect or case["names"] or not case["input"]:
            continue
        answer = page.evaluate(ASK, [case["text"], written(case["input"])])
        said = f"{case['id']}: {answer}"
        shown += 1
        if answer["outputs"]:  # several layers in a paste: the corpus asks for the first
            assert answer["outputs"][0] == written(expect["output"]), said
            continue
        assert answer["headline"].endswith(written(expect["output"])), said
        weight = expect.get("weight_shape")
        assert answer["facts"].get("weight") == (weight and written(weight)), said
        assert number_of(answer["facts"]["parameters"]) == expect.get("parameters", 0), said
        assert number_of(answer["facts"].get("MACs", "0")) == expect.get("macs", 0), said
    print(f"\nLayerReader: {shown} pasted lines show PyTorch's numbers")
    assert shown > 20


def test_a_line_that_pytorch_refuses_shows_its_sentence(page, pytestconfig):
    shown = 0
    for case in cases(pytestconfig.option.pastes, "lines.jsonl"):
        if "error" not in case["expect"] or case["names"] or not case["input"]:
            continue
        answer = page.evaluate(ASK, [case["text"], written(case["input"])])
        sentence = case["expect"]["error"].partition(": ")[2].replace("{", "").replace("}", "")
        assert sentence.split(", but got")[0][:60] in answer["message"].replace("{", "").replace(
            "}", ""
        ), f"{case['id']}: {answer}"
        shown += 1
    assert shown > 3


def test_uneven_groups_are_mended_with_the_readers_own_numbers(page):
    page.evaluate(ASK, ["nn.Conv2d(3, 10, 3, stride=2, padding=1, groups=4, bias=False)", ""])
    assert page.locator(".cv-line .cv-code").all_text_contents() == [
        "torch.nn.Conv2d(4, 12, kernel_size=3, stride=2, padding=1, groups=4, bias=False)",
        "torch.nn.Conv2d(3, 10, kernel_size=3, stride=2, padding=1, bias=False)",
    ]


FIRST_WEIGHTS = {
    "nn.Conv2d(16, 4000, 3, groups=4)": "within ±0.167 (1 / √36)",
    "nn.Conv2d(1, 4000, (3, 5))": "within ±0.258 (1 / √15)",
    "nn.ConvTranspose2d(4000, 8, 3, groups=2)": "within ±0.167 (1 / √36)",
    "nn.Linear(400, 100)": "within ±0.0500 (1 / √400)",
}


@pytest.mark.parametrize("line", FIRST_WEIGHTS)
def test_first_weights_fill_the_interval_that_is_said(line, page):
    said = page.evaluate(ASK, [line, ""])["facts"]["first weights"]
    assert said == FIRST_WEIGHTS[line]
    bound = float(said.split("±")[1].split()[0])
    largest = eval(line, {"nn": torch.nn}).weight.abs().max().item()
    assert 0.99 * bound < largest < 1.01 * bound


@pytest.mark.parametrize("line", ["nn.BatchNorm2d(8)", "nn.PReLU()", "nn.ReLU()"])
def test_what_draws_nothing_says_nothing_of_first_weights(line, page):
    assert "first weights" not in page.evaluate(ASK, [line, ""])["facts"]


def test_a_pasted_error_says_its_cause_and_mend(page):
    answer = page.evaluate(ASK, [ERROR, ""])
    assert answer["message"] == ERROR
    assert "the pictures are grey" in answer["cause"]
    assert "x.expand(-1, 3, -1, -1)" in answer["answer"]
    assert answer["remarks"] == []


def test_the_row_that_breaks_is_named_with_what_it_needs(page):
    fits = page.evaluate(ASK, [LENET, "32"])
    assert fits["headline"] == "(1, 1, 32, 32) → (1, 10)"
    assert len(fits["outputs"]) == 7
    breaks = page.evaluate(ASK, [LENET, "28"])
    assert breaks["headline"] == "Row 6, Linear, does not fit."
    assert "mat1 and mat2 shapes cannot be multiplied (1x256 and 400x10)" in breaks["message"]
    assert "nn.Linear(256, 10)" in breaks["answer"]
    assert "1 row below is not reached" in breaks["answer"]


def test_unknown_names_are_filled_in_by_keyboard(page):
    box = page.get_by_label("Paste here")
    box.fill("")
    box.press_sequentially("nn.Conv2d(in_ch, 8, k, padding=k // 2)")
    field = page.get_by_label("k", exact=True)
    field.fill("")
    field.press_sequentially("7")
    assert field.evaluate("(field) => field === document.activeElement")
    page.get_by_label("in_ch", exact=True).fill("5")
    assert page.locator(".cv-facts dd").first.text_content() == "(8, 5, 7, 7)"
    assert page.evaluate("mounted[0].model.get('values')") == {"k": 7, "in_ch": 5}


def test_a_value_that_is_none_says_so_and_changes_nothing(page):
    page.evaluate(ASK, ["nn.Conv2d(3, 8, k)", ""])
    before = page.locator(".cv-answer").text_content()
    page.get_by_label("k", exact=True).fill("")
    assert page.locator(".cv-wrong:not(:empty)").text_content() == "write a number"
    assert page.locator(".cv-answer").text_content() == before


def test_a_shape_that_is_none_says_why(page):
    page.evaluate(ASK, [FAMOUS, "8, sixty"])
    field = page.get_by_label("input shape")
    assert field.get_attribute("aria-invalid") == "true"
    assert '"sixty" is not a whole number' in page.locator(".cv-wrong").first.text_content()
    assert field.input_value() == "8, sixty"


@pytest.mark.parametrize(
    "text",
    [
        '<img src=x onerror="window.hurt = 1">',
        "nn.Conv2d(__import__('os').system('x'), 3, 3)",
        "RuntimeError: <script>window.hurt = 1</script>",
        "(" * 5000,
        "nn.Conv2d(3, 8, 3)\n" * 20_000,
    ],
)
def test_hostile_text_is_shown_as_text(page, text):
    seconds = page.evaluate(
        "([ask, text]) => { const start = performance.now(); eval(ask)([text, '']);"
        " return (performance.now() - start) / 1000; }",
        [ASK, text],
    )
    assert page.evaluate("window.hurt") is None
    assert page.locator(".cv-answer :is(img, script)").count() == 0
    print(f"{text[:24]!r}...: answered in {seconds:.2f} s")


def test_a_very_long_network_shows_its_ends_and_counts_all(page):
    answer = page.evaluate(ASK, ["nn.Conv2d(3, 3, 3, padding=1)\n" * 1000, ""])
    assert "1000 rows, 84,000 parameters" in answer["answer"]
    assert "800 rows are not shown" in answer["answer"]
    assert len(answer["outputs"]) == 200


def test_another_size_is_tried_with_a_button(page):
    page.get_by_text("Another size").click()
    page.get_by_role("button", name="Try: Keep the size").click()
    assert page.locator(".cv-headline").text_content() == "(1, 64, 56, 56) → (1, 128, 56, 56)"
    assert page.get_by_label("Paste here").input_value().startswith("torch.nn.Conv2d(64, 128")


def test_the_voice_says_the_answer_once_the_keys_rest(page):
    page.evaluate(ASK, ["nn.Conv2d(3, 8, 3)", "32"])
    page.wait_for_function(
        "document.querySelector('.cv-offscreen[aria-live]').textContent ==="
        " '(1, 3, 32, 32) becomes (1, 8, 30, 30)'"
    )
