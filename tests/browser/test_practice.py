"""Practice in Chromium: every answer against PyTorch, every slip wrong, and its behaviour."""

import json
import operator
import re
from collections import Counter
from copy import deepcopy
from functools import cache
from math import ceil, floor, prod

import pytest
import torch
from torch.nn import (
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
)
from torch.nn.functional import conv2d

from convlib.shapes import receptive_field
from convlib.widgets import Practice
from convlib.widgets._words import words_of
from convlib.widgets.practice import TOPICS
from tests.browser import foreign_questions, states
from tests.browser.hands import answer, nothing, press, push, type_in, write
from tests.browser.test_words import SPEAK_WIDE, narrow_words

pytestmark = pytest.mark.sampled(5)

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {"topic": "channels", "question": 500, "answers": ((1,),) * 500}
ACTIONS = [
    (write(".cv-field", "5"), "topic='output_size', answers=((5,),)"),
    (press("text=Next question", "Enter"), "topic='output_size', question=2, answers=((5,),)"),
]
CHANGE = ("question = 7", "Question 7")
AXE_STATES = [
    *(({"topic": topic}, nothing) for topic in TOPICS),
    *(({"topic": topic, "answers": ((0,),)}, nothing) for topic in TOPICS),  # wrong
    ({}, answer(5)),  # right
    ({}, answer(6)),  # wrong: a hint with a strip
    ({"topic": "transposed", "question": 3}, answer(2, 2, 2, 2)),
    ({}, push("Hint")),
    ({}, push("Check")),  # nothing is typed yet
]

# Of every kind of a topic's questions: the right answer and each slip worked out, and hints after a
# first try.
SHOW_ALL = """async ([topic, traits, kinds]) => {
  const { question } = await import("/math/questions/index.js");
  const answerIn = (form, item, given) => {
    const fields = [...form.querySelectorAll(".cv-answer input")];
    if (item.choices) fields.find(({ value }) => value === String(given)).checked = true;
    else fields.forEach((field, index) => { field.value = given[index]; });
    form.requestSubmit();
  };
  for (let number = 1; number <= kinds; number++) {
    const item = question(topic, 1, number);
    const answers = Array(number - 1).fill(null);
    const wrong = item.slips.map(({ value }) => value)
      .filter(([value]) => !item.choices || item.choices.includes(value));
    for (const given of [item.answer, ...wrong])
      mount({ ...traits, topic, question: number, answers: [...answers, given] });
    for (const given of wrong.slice(0, 2)) {
      const { el } = mounted[mount({ ...traits, topic, question: number, answers })];
      answerIn(el.querySelector("form"), item, given);
    }
  }
}"""


def show_all(topic):
    """Show more widgets beside the one that is there."""
    given = [topic, states.traits("practice"), MOST_KINDS]
    return lambda view: view.page.evaluate(SHOW_ALL, given)


MOST_KINDS = 7  # of a topic's questions
WORD_STATES = [
    *(({}, show_all(topic)) for topic in TOPICS[:-1]),
    ({}, answer(99)),  # no slip leads there
    ({}, answer("1" * 10)),
    ({"topic": "padding", "question": 2}, push("Check")),  # nothing is chosen yet
    ({}, type_in("set", 1_000_000)),
    ({}, push("Next question")),
    ({"answers": ((99,),)}, nothing),
]
TIMED = [("[title='Next question']", ("Enter",)), (".cv-field", ("1", "Backspace"))]

SEEDS, NUMBERS = 125, 16  # 2000 questions of every topic
SAMPLED = 20  # seeds

DRAW = """async ([topic, seeds, numbers]) => {
  const { question, questionText } = await import("/math/questions/index.js");
  const all = [];
  for (const seed of seeds) for (let number = 1; number <= numbers; number++) {
    const item = question(topic, seed, number);
    all.push({ ...item, seed, number, text: questionText(item) });
  }
  return JSON.stringify(all);
}"""


def drawn(page, topic, seeds, numbers):
    """Return the first questions of these seeds."""
    return json.loads(page.evaluate(DRAW, [topic, seeds, numbers]))


# ------------------------------------------------------------------ what PyTorch says


RESET_PARAMETERS = Conv2d.reset_parameters


@pytest.fixture
def quick_torch(monkeypatch):
    """Compute exactly, and do not draw weights that are overwritten or not looked at."""
    for layer in (Conv2d, ConvTranspose2d):
        monkeypatch.setattr(layer, "reset_parameters", lambda self: None)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


LAYERS = (BatchNorm2d, Conv2d, ConvTranspose2d, Flatten, Linear, MaxPool2d, ReLU, Sequential)
TYPES = ("float16", "bfloat16", "float32", "float64", "uint8")
NAMES = {layer.__name__: layer for layer in LAYERS} | {name: getattr(torch, name) for name in TYPES}


@cache
def build(code, device="meta"):
    """Build the layer that a reader sees."""
    with torch.device(device):
        return eval(code, NAMES)


@cache
def size(code, *shape):
    """Return the output's shape, or None where PyTorch refuses the input."""
    try:
        return tuple(build(code)(torch.empty(shape, device="meta")).shape)
    except RuntimeError as error:
        if "can't be greater than actual input size" in str(error):
            return None
        raise


@cache
def reads(code, shape, *outputs):
    """Count how often some outputs read each input number: the gradient of their sum."""
    layer = build(code, "cpu")
    image = torch.ones(shape, requires_grad=True)
    torch.nn.init.ones_(layer.weight)
    layer(image)[(0, *outputs)].sum().backward()
    return image.grad[0]


def number_in(q, pattern):
    """Return the number that the question states."""
    return int(re.search(pattern, q["ask"])[1])


def fill(q, candidates, fits):
    """Return the candidates that can stand for the question mark."""
    return [(n,) for n in candidates if fits(q["code"].replace("?", str(n)))]


# Each gives all answers that PyTorch leaves open: the right one must be the only one.


def output_rows(q):
    return [(size(q["code"], *q["input"])[2],)]


def output_sides(q):
    return [size(q["code"], *q["input"])[2:]]


def output_shape(q):
    return [size(q["code"], *q["input"])]


def padding(q):
    wanted = number_in(q, r"(?:keeps the|rows into) (\d+)")

    def fits(code):
        out = size(code, *q["input"])
        return out is not None and out[2] == wanted

    return fill(q, range(30), fits)


def same_padding(q):
    left, right, top, bottom = build(q["code"])._reversed_padding_repeated_twice
    assert (left, right) == (top, bottom)
    return [(top, bottom)]


def spans(code, rows):
    """Tell whether a window fits into this many rows and no fewer."""
    return size(code, 1, 1, rows, rows) and not size(code, 1, 1, rows - 1, rows - 1)


def window_span(q):
    return [(n,) for n in range(1, 60) if spans(q["code"], n)]


def rows_skipped(q):
    used = reads(q["code"], (1, 1, 40, 40), 0, 0, 0)[0, :, 0].nonzero()
    return [(int(used[1] - used[0]) - 1,)]


def dilation(q):
    rows = number_in(q, r"span (\d+) rows")
    return fill(q, range(1, 40), lambda code: spans(code, rows))


def numbers_learned(q):
    return [(sum(p.numel() for p in build(q["code"]).parameters()),)]


def weight_shape(q):
    return [tuple(build(q["code"]).weight.shape)]


def output_value(q):
    layer, picture = build(q["code"], "cpu"), q["picture"]
    with torch.no_grad():
        layer.weight[:] = torch.tensor(picture["weight"])
        layer.bias[:] = picture["bias"]
        image = torch.tensor(picture["input"], dtype=torch.float64)[None]
        assert list(image.shape) == q["input"]
        return [(layer(image).item(),)]


def output_planes(q):
    return [(size(q["code"], 1, build(q["code"]).in_channels, 9, 9)[1],)]


def kernels(q):
    return [(prod(build(q["code"]).weight.shape[:2]),)]


def planes_read(code, plane):
    counts = reads(code, (1, build(code).in_channels, 3, 3), plane)
    return [int(index) for index in counts.sum(dim=(1, 2)).nonzero()]


def how_many_planes(q):
    return [(len(planes_read(q["code"], 0)),)]


def first_and_last_plane(q):
    planes = planes_read(q["code"], number_in(q, r"output plane (\d+)"))
    assert planes == list(range(planes[0], planes[-1] + 1))
    return [(planes[0], planes[-1])]


def the_plane(q):
    return [tuple(planes_read(q["code"], number_in(q, r"output plane (\d+)")))]


def groups(q):
    def fits(code):
        try:
            return build(code)
        except ValueError as error:
            if "must be divisible by groups" in str(error):
                return False
            raise

    return fill(q, q["choices"], fits)


@cache
def field_and_jump(code):
    """Find the smallest input that gives one output, and the rows that a second one needs."""
    (rows, _), (more, _), _ = receptive_field(build(code))
    inputs = (rows - 1, rows, rows + more - 1, rows + more)
    outputs = [size(code, 1, 8, n, n) for n in inputs]
    assert [shape and shape[2] for shape in outputs] == [None, 1, 1, 2]
    return rows, more


def field(q):
    return [field_and_jump(q["code"])[:1]]


def jump(q):
    return [field_and_jump(q["code"])[1:]]


def uses(q):
    row, column = q["picture"]["pixel"]
    return [(int(reads(q["code"], tuple(q["input"]))[0, row, column]),)]


def unread_at_the_bottom(q):
    used = [bool(line.any()) for line in reads(q["code"], tuple(q["input"]))[0]]
    return [(used[::-1].index(True),)]


def pixels_read(q):
    return [(int((reads(q["code"], tuple(q["input"])) > 0).sum()),)]


def output_padding(q):
    down, up = q["code"].split("\n")
    rows = q["input"][2]
    small = size(down, *q["input"])
    candidates = range(build(down).stride[0])
    return fill({"code": up}, candidates, lambda code: size(code, *small)[2] == rows)


def fan_in(q):
    """Count what one output pixel reads: with weights of one, the gradient of each number is 1."""
    layer = build(q["code"])
    shape = (1, layer.in_channels, *layer.kernel_size)
    return [(int(reads(q["code"], shape, 0, 0, 0).sum()),)]


def bound(q):
    """Let PyTorch draw so many weights that the largest is within 1 % of the bound."""
    layer = build(q["code"])
    each = prod(layer.weight.shape[1:])
    outputs = layer.groups * ceil(20_000 / each / layer.groups)
    wide = Conv2d(layer.in_channels, outputs, layer.kernel_size, groups=layer.groups)
    RESET_PARAMETERS(wide)
    largest = wide.weight.abs().max().item()
    return [(n,) for n in range(1, 99) if 0.99 < largest * n <= 1]


def arrays_kept(q):
    return [(len(build(q["code"]).state_dict()),)]


def weight_bytes(q):
    return [(build(q["code"]).weight.nbytes,)]


def batch_bytes(q):
    return [(eval(q["code"], NAMES | {"zeros": torch.zeros}).nbytes,)]


def byte_sum(q):
    define, call = q["code"].split("\n")
    names = NAMES | {"tensor": torch.tensor, "conv2d": conv2d, "ones_like": torch.ones_like}
    exec(define, names)
    return [(eval(call, names).item(),)]


def numbers_of_one_image(q):
    return [size(q["code"], *q["input"])[1:]]


def rows_that_meet(q):
    """Return the fewest rows, not less than there are, that come back from their halvings."""
    depth = len(build(q["code"]))
    rows = q["input"][2]
    while size(q["code"], 1, 1, rows, rows)[2] * 2**depth != rows:
        rows += 1
    return [(rows,)]


def folded(q):
    layer, norm = (build(code, "cpu") for code in q["code"].split("\n"))
    norm.eps = 0
    weight, bias, gamma, beta, mean, var = map(int, re.findall(r"\d+", q["ask"]))
    with torch.no_grad():
        layer.weight[:], layer.bias[:] = weight, bias
        norm.weight[:], norm.bias[:] = gamma, beta
        norm.running_mean[:], norm.running_var[:] = mean, var
        at_0, at_1 = (norm.eval()(layer(torch.full((1, 1, 1, 1), x))).item() for x in (0.0, 1.0))
    return [(round(at_1 - at_0, 9), round(at_0, 9))]


def kernel_and_stride(q):
    return [field_and_jump(q["code"])]


def row_of_weights(q):
    """Let the two layers walk over single pixels: each shows one weight of both."""
    layers = [deepcopy(build(code, "cpu")) for code in q["code"].split("\n")]  # maybe alike
    a, b, c, d = map(int, re.findall(r"\d+", q["ask"]))
    with torch.no_grad():
        for layer, row in zip(layers, ((a, b), (c, d)), strict=True):
            layer.weight[:] = torch.tensor(row)
        both = Sequential(*layers)
        k = 2 + layers[0].stride[1]
        assert both(torch.zeros(1, 1, 1, k)).numel() == 1
        pixels = torch.eye(k).reshape(k, 1, 1, k)
        return [tuple(both(pixels).ravel().int().tolist())]


def full_kernel(q):
    layer, shape = build(q["code"], "cpu"), q["input"]
    found = (layer.out_features, *shape[1:])
    with torch.no_grad():
        layer.weight[:] = (torch.arange(layer.weight.numel()) % 7).reshape(layer.weight.shape)
        layer.bias[:] = 0
        maps = (torch.arange(prod(shape)) % 5).reshape(shape).to(torch.float64)
        same = conv2d(maps, layer.weight.reshape(found))
        assert torch.equal(same.flatten(1), layer(maps.flatten(1)))
    return [found]


def places(q):
    return [(prod(size(q["code"], *q["input"])[2:]),)]


# How a question is put, and who answers it.
REFERENCES = {
    "How many rows does the output have?": output_rows,
    "What are the height and the width of the output?": output_sides,
    "What is the shape of the output?": output_shape,
    r"Which padding keeps the \d+ rows?": padding,
    r"Which padding turns \d+ rows into \d+?": padding,
    "How many rows does it add above the input, and how many below?": same_padding,
    "How many rows does one window span, from its first tap to its last?": window_span,
    "How many rows are skipped between two neighbouring taps?": rows_skipped,
    "How many weights does the layer have?": numbers_learned,
    r"Which dilation makes one window span \d+ rows?": dilation,
    "What is the output?": output_value,
    "How many planes does the output have?": output_planes,
    "How many 3 × 3 kernels does it learn?": kernels,
    "What is the shape of its weight?": weight_shape,
    "How many parameters does it learn?": numbers_learned,
    "How many input planes does one output plane read?": how_many_planes,
    "Which groups is allowed?": groups,
    r"Planes count from 0. Which input planes does output plane \d+ read?": first_and_last_plane,
    r"Planes count from 0. Which input plane does output plane \d+ read?": the_plane,
    "How many rows of the input does one output pixel see?": field,
    "Go one row down in the output. How many rows does its receptive field go down?": jump,
    r"How many outputs read the pixel in row \d+, column \d+?": uses,
    "How many rows at the bottom of the input does no window read?": unread_at_the_bottom,
    r"How many of the \d+ input pixels are read at all?": pixels_read,
    r"The first layer turns \d+ rows into \d+. Which output_padding gives the \d+ back?": (
        output_padding
    ),
    "What is its fan-in: how many products does one output number add up?": fan_in,
    "Its first weights lie between −1/n and 1/n. Which n?": bound,
    "How many arrays does its state_dict hold?": arrays_kept,
    "How many bytes does its weight take?": weight_bytes,
    "How many bytes does this batch take?": batch_bytes,
    "All weights are 1. What is the output?": byte_sum,
    "Which in_features does a Linear after it need?": numbers_of_one_image,
    "A U-Net halves with these layers, and doubles as often. To how many rows do you pad the "
    r"\d+, at least, so that its halves meet?": rows_that_meet,
    r"The layer has weight \d+ and bias \d+. BatchNorm has weight \d+, bias \d+, running_mean \d+ "
    r"and running_var \d+; leave eps out. One layer does the same. What are its weight and its "
    "bias?": folded,
    "One layer gives the same numbers. What are its kernel_size and its stride?": (
        kernel_and_stride
    ),
    r"The first layer has the weights \d+, \d+, the second \d+, \d+. Which weights has the one "
    "layer that gives the same numbers?": row_of_weights,
    "Flatten lays this input in a row for it. What is the shape of the weight of a Conv2d that "
    "does the same?": full_kernel,
    r"It was a Linear for maps of \d+ × \d+. At how many places does it give an answer here?": (
        places
    ),
    "How many patches does it make of one image?": places,
    **foreign_questions.REFERENCES,
}
PATTERNS = {
    re.compile(asked.replace("?", r"\?").replace(". ", r"\. ")): reference
    for asked, reference in REFERENCES.items()
}


def reference_for(q):
    [reference] = [r for pattern, r in PATTERNS.items() if pattern.fullmatch(q["ask"])]
    return reference


def value(sum_):
    """Work out a sum as it stands on the page."""
    python = sum_.replace("×", "*").replace("−", "-")
    for sign, text in {"⌊": "floor(", "⌈": "ceil(", "⌋": ")", "⌉": ")"}.items():
        python = python.replace(sign, text)
    return eval(python, {"floor": floor, "ceil": ceil})


@cache
def check_equation(text):
    """Return the result of an equation, which must be true."""
    left, right = text.split(" = ")
    assert value(left) == value(right), text
    return value(right)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "mixed"])
def test_answers_are_right_and_slips_are_wrong(topic, quick_torch, open_page, widgets_url, sample):
    page = open_page(f"{widgets_url}?widget=practice")
    seeds = sample.of(range(SEEDS), SAMPLED)
    asked, slips = Counter(), Counter()
    for q in drawn(page, topic, seeds, NUMBERS):
        where = f"{topic}, seed {q['seed']}, question {q['number']}:\n{q['text']}"
        reference = reference_for(q)
        asked[reference.__name__] += 1
        answer = tuple(q["answer"])
        assert reference(q) == [answer], where

        # The worked lines are true, and lead to the answer.
        texts = [line[1] for line in q["working"] if isinstance(line, list)]
        results = [check_equation(text) for text in texts if " = " in text]
        assert q["working"], where
        if results and "axis" not in q["working"][-1] and reference is not groups:
            assert results[-1] in answer, where

        # Each slip leads to an answer of its own, which is wrong, by a sum that is true.
        wrong = [tuple(slip["value"]) for slip in q["slips"]]
        assert len({answer, *wrong}) == 1 + len(wrong) >= 3, where
        for slip, given in zip(q["slips"], wrong, strict=True):
            slips[slip["name"]] += 1
            assert len(given) == len(answer), where
            for result in map(check_equation, slip["equations"]):
                if reference is padding and q.get("choices"):  # it gives the rows that are left
                    code = q["code"].replace("?", str(given[0]))
                    assert result == size(code, *q["input"])[2], where
                else:
                    assert result in given, where
        if q.get("choices"):
            assert q["choices"] == sorted(n for (n,) in [answer, *wrong[:3]]), where

    print(f"\n{topic}: {asked.total()} questions equal PyTorch {dict(asked)},", end=" ")
    print(f"{slips.total()} wrong answers by {len(slips)} slips are wrong")
    assert asked.total() == len(seeds) * NUMBERS


def test_every_kind_of_question_is_asked(open_page, widgets_url):
    page = open_page(f"{widgets_url}?widget=practice")
    found = {
        next(p.pattern for p in PATTERNS if p.fullmatch(q["ask"]))
        for q in drawn(page, "mixed", [0], 7 * (len(TOPICS) - 1))  # seven kinds at most
    }
    assert found == {pattern.pattern for pattern in PATTERNS}


def test_both_languages_know_the_same_topics(open_page, widgets_url):
    page = open_page(f"{widgets_url}?widget=practice")
    topics = page.evaluate("async () => (await import('/math/questions/index.js')).TOPICS")
    assert tuple(topics) == TOPICS


# A set that was handed out stays what it was: the first answers of seed 1.
HANDED_OUT = {
    "output_size": [(5,), (112, 15), (1, 8, 16, 28), (29,), (33, 110)],
    "padding": [(1,), (2,), (1, 2), (3,), (1,)],
    "dilation": [(25,), (5,), (4,), (2,), (11,)],
    "channels": [(23,), (29,), (91,), (23,), (23,)],
    "weight_shape": [(32, 8, 1, 1), (32, 8, 1, 1), (16, 1, 5, 3), (32, 8, 3, 3), (2, 3, 5, 3)],
    "parameters": [(1184,), (800,), (160,), (52,), (1936,)],
    "groups": [(6,), (3,), (0, 6), (3,), (2,)],
    "receptive_field": [(7,), (4,), (11,), (8,), (29,)],
    "pixel_usage": [(4,), (2,), (36,), (2,), (1,)],
    "transposed": [(13,), (1,), (8, 8, 5, 5), (26,), (2,)],
    "layer_state": [(18,), (9,), (6,), (4,), (8,)],
    "number_types": [(2304,), (78,), (4096,), (6400,), (56,)],
    "network": [(4,), (648,), (68,), (12, 7), (7,)],
    "compose": [(7, 2), (4, 9, 2), (10, 16, 7, 7), (16,), (26,)],
    "foreign_weights": [(3, 0, 1, 2), (15,), (0, 3, 2, 2), (16, 4, 4), (7, 14, 2)],
    "mixed": [(5,), (1,), (25,), (23,), (32, 8, 1, 1)],
}


def test_a_set_that_was_handed_out_stays(open_page, widgets_url):
    page = open_page(f"{widgets_url}?widget=practice")
    found = {
        topic: [tuple(q["answer"]) for q in drawn(page, topic, [0, 1], 5)][5:] for topic in TOPICS
    }
    assert found == HANDED_OUT


SPEAK = """async (words) => {
  const { setWords } = await import("/math/words.js");
  setWords("zh-CN", words);
}"""


def texts_of(q):
    """Return every text of a question."""
    lines = [text for line in q["working"] if isinstance(line, list) for text in line]
    slips = [slip[name] for slip in q["slips"] for name in ("name", "why")]
    return [q["ask"], q["hint"], *q.get("labels", []), *lines, *slips]


def numbers_of(q):
    """Return what is the same in every language."""
    sums = [re.findall(r".* = .*", line[1]) for line in q["working"] if isinstance(line, list)]
    slips = [(slip["value"], slip["equations"]) for slip in q["slips"]]
    names = ("code", "input", "picture", "answer", "choices", "places")
    return sums, slips, {name: q.get(name) for name in names}


@pytest.mark.parametrize("topic", TOPICS[:-1])
def test_another_language_changes_the_words_alone(topic, open_page, widgets_url, sample):
    page = open_page(f"{widgets_url}?widget=practice")
    seeds = sample.of(range(SEEDS), SAMPLED)
    expected = [numbers_of(q) for q in drawn(page, topic, seeds, NUMBERS)]
    page.evaluate(SPEAK, words_of("zh-CN"))
    chinese = drawn(page, topic, seeds, NUMBERS)
    assert [numbers_of(q) for q in chinese] == expected
    page.evaluate(SPEAK_WIDE)
    wide = drawn(page, topic, seeds, NUMBERS)
    assert [numbers_of(q) for q in wide] == expected
    assert narrow_words({text for q in wide for text in texts_of(q)}) == {}


def test_a_sheet_has_the_questions_and_their_answers(open_page, widgets_url):
    page = open_page(f"{widgets_url}?widget=practice")
    sheet = page.evaluate(
        "async () => (await import('/math/questions/index.js')).sheet('weight_shape', 7, 3)"
    )
    title, *questions, answers = sheet.split("\n\n")
    drawn_7 = drawn(page, "weight_shape", [7], 3)
    assert title == "Practice('weight_shape', seed=7)"
    assert questions == [f"{q['number']}. {q['text']}" for q in drawn_7]
    numbered = [f"{q['number']}. {text(*q['answer'])}" for q in drawn_7]
    assert answers == "\n".join(["Answers", *numbered])


# ------------------------------------------------------------------ the page


@pytest.fixture
def open_practice(open_host):
    """Open a page with one Practice for each argument, a dict of traits."""

    def open_practice(*all_traits, **options):
        page = open_host("practice", **options)
        add(page, all_traits)
        return page

    return open_practice


def add(page, all_traits):
    settings = [{**states.traits("practice"), **traits} for traits in all_traits]
    page.evaluate("settings => settings.forEach((traits) => mount(traits))", settings)


def answered(q, answer):
    """Return the traits of a widget that shows this question with this answer."""
    answers = [None] * (q["number"] - 1) + [answer]
    return {"seed": q["seed"], "question": q["number"], "answers": answers}


def traits(page, widget=0):
    shown = page.evaluate("widget => mounted[widget].model.traits", widget)
    return {name: shown[name] for name in Practice().settings()}


def question(page, topic, seed, number):
    return page.evaluate(
        "async (which) => (await import('/math/questions/index.js')).question(...which)",
        [topic, seed, number],
    )


def full_text(page, q):
    return page.evaluate(
        "async (q) => (await import('/math/questions/index.js')).questionText(q)", q
    )


def text(*numbers):
    return str(numbers[0]) if len(numbers) == 1 else f"({', '.join(map(str, numbers))})"


def status(page):
    return page.locator("[role=status]").inner_text()


def test_predict_check_and_go_on_with_the_keyboard_alone(open_practice):
    page = open_practice({})
    # as in JupyterLab, where Enter does not reach a form
    page.evaluate(
        """() => document.addEventListener("keypress", (event) => {
          if (event.key === "Enter") event.preventDefault();
        })"""
    )
    first, second = (question(page, "output_size", 1, number) for number in (1, 2))
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.cv-field')"):
            break
    page.keyboard.type(text(*first["answer"]))
    page.keyboard.press("Enter")
    assert status(page) == f"Right: {text(*first['answer'])}."
    assert traits(page)["answers"] == [first["answer"]]
    assert not page.locator("details").evaluate("it => it.open")
    assert page.evaluate("document.activeElement.matches('.cv-field[readonly]')")

    page.keyboard.press("Enter")
    assert traits(page)["question"] == 2
    spoken = page.locator("[aria-live=polite].cv-offscreen").text_content()
    assert spoken == f"Question 2. {full_text(page, second)}"
    assert status(page) == ""
    height, width = second["answer"]
    page.keyboard.type(f"{height},{width + 1}")  # the comma leads to the next field
    page.keyboard.press("Enter")
    assert status(page).startswith("Not yet. height: right; width: too large.")
    assert traits(page)["answers"] == [first["answer"]]
    marked = [field.get_attribute("aria-invalid") for field in page.locator(".cv-field").all()]
    assert marked == [None, "true"]
    page.keyboard.type(str(width + 2))  # over what stood there
    page.keyboard.press("Enter")
    assert traits(page)["answers"] == [first["answer"], [height, width + 2]]
    assert status(page).startswith(f"It is ({height}, {width}), not ({height}, {width + 2}).")
    assert page.get_by_text("1 of 2 right").is_visible()


@pytest.mark.parametrize("topic", TOPICS)
def test_a_wrong_answer_names_the_slip_and_is_worked_out(topic, open_practice):
    page = open_practice()
    questions = drawn(page, topic, [0], 10)
    wrong = [q["slips"][0]["value"] for q in questions]
    shown = [answered(q, given) for q, given in zip(questions, wrong, strict=True)]
    add(page, [{"topic": topic, **traits} for traits in shown])
    widgets = page.locator(".cv-practice").all()
    for q, given, widget in zip(questions, wrong, widgets, strict=True):
        assert widget.locator(".cv-code").text_content() == q["code"]
        assert widget.locator(".cv-ask").text_content() == q["ask"]
        said, slip = status(widget), q["slips"][0]
        assert said.startswith(f"It is {text(*q['answer'])}, not {text(*given)}.\n")
        assert f"Likely slip: {slip['name']}. {slip['why']}" in said
        assert all(equation in said for equation in slip["equations"])
        worked = widget.locator(".cv-working")
        assert worked.is_visible()
        sums = [line[1] for line in q["working"] if isinstance(line, list)]
        assert worked.locator(".cv-sum-line").all_text_contents() == sums
        assert worked.locator(".cv-formula").count() == len(q["working"]) - len(sums)


def test_an_answer_that_no_slip_explains(open_practice):
    page = open_practice({"answers": [[99999]]})
    assert "No usual slip leads there." in status(page)


def test_what_to_choose_from_wraps_where_it_is_narrow(open_practice):
    viewport = {"width": 280, "height": 800}
    page = open_practice({"topic": "padding", "question": 2}, viewport=viewport)
    right = "(element) => element.getBoundingClientRect().right"
    edge = page.locator(".cv-practice").evaluate(right)
    assert all(option.evaluate(right) <= edge for option in page.locator(".cv-option").all())
    assert page.locator(".cv-option").count() == 4


def test_choose_with_the_pointer(open_practice):
    page = open_practice({"topic": "padding", "question": 2}, {"topic": "padding", "question": 5})
    ours, other = (page.locator(".cv-practice").nth(i) for i in (0, 1))
    q = question(page, "padding", 1, 2)
    right = q["answer"][0]
    wrong = next(n for n in q["choices"] if n != right)
    other.get_by_role("radio").first.check()
    ours.get_by_text(str(wrong), exact=True).click()
    assert other.get_by_role("radio").first.is_checked()  # a group of its own
    ours.get_by_role("button", name="Check").click()
    assert status(ours).startswith(f"Not yet. It is not {wrong}.")
    assert traits(page)["answers"] == []
    ours.get_by_role("button", name="Check").click()  # once more the same
    assert f"It is {right}, not {wrong}." in status(ours)
    ours.get_by_role("radio", name=str(right), exact=True).click()
    assert ours.get_by_role("radio", name=str(wrong), exact=True).is_checked()
    assert traits(page)["answers"] == [None, [wrong]]
    assert traits(page, 1)["answers"] == []


def test_choose_with_the_arrow_keys(open_practice):
    page = open_practice({"topic": "groups", "question": 2})
    q = question(page, "groups", 1, 2)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(q["choices"].index(q["answer"][0])):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert status(page) == f"Right: {q['answer'][0]}."
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("radio", name=text(*q["answer"]), exact=True).is_checked()
    page.keyboard.press("Enter")
    assert traits(page)["question"] == 3
    assert page.evaluate("document.activeElement.matches('.cv-field:not([readonly])')")


SHAPES = ["64, 8, 3, 3", "(64,8,3,3)", "64 8 3 3", "６４，８，３，３", "64、8、3、3", "64x8×3x3"]


@pytest.mark.parametrize("written", SHAPES)
@pytest.mark.parametrize("way", ["typed", "pasted"])
def test_a_shape_as_people_write_it(written, way, open_practice):
    page = open_practice({"topic": "weight_shape"})
    page.locator(".cv-field").first.focus()
    if way == "typed":
        page.keyboard.type(written)
    else:
        page.keyboard.insert_text(written)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # it is wrong, and stays
    assert traits(page)["answers"] == [[64, 8, 3, 3]]
    fields = page.locator(".cv-field").all()
    assert [field.input_value() for field in fields] == ["64", "8", "3", "3"]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        *((text, "Write a whole number.") for text in ("", "nine", "1.5", "-3", "1e3")),
        ("12345678901", "Write a whole number of at most 9 digits."),
    ],
)
def test_what_is_no_answer_is_not_counted(written, rule, open_practice):
    page = open_practice({})
    field = page.locator(".cv-field")
    field.fill(written)
    page.get_by_role("button", name="Check").click()
    assert status(page) == rule
    assert page.evaluate("document.activeElement.matches('.cv-field')")
    assert traits(page)["answers"] == []
    # it stays, marked, until it is changed
    assert field.input_value() == written
    assert field.get_attribute("aria-invalid") == ("true" if written else None)
    field.fill("3")
    assert field.get_attribute("aria-invalid") is None


@pytest.mark.parametrize("composing", [{"isComposing": True}, {"keyCode": 229}])
def test_enter_that_ends_a_composition_does_not_check(composing, open_practice):
    page = open_practice({})
    page.locator(".cv-field").fill("3")
    page.locator(".cv-field").evaluate(
        """(field, more) => field.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", bubbles: true, ...more }))""",
        composing,
    )
    assert traits(page)["answers"] == []
    page.locator(".cv-field").press("Enter")
    page.get_by_text("Not yet. 3 is too small.").wait_for()


def test_nothing_chosen_is_not_counted(open_practice):
    page = open_practice({"topic": "padding", "question": 2})
    page.get_by_role("button", name="Check").click()
    assert status(page) == "Choose one."
    assert traits(page)["answers"] == []


# ------------------------------------------------------------------ after a first wrong answer

HINTS = """async ([items, answers]) => {
  const { hintFor } = await import("/math/questions/hints.js");
  return JSON.stringify(items.map((item, i) => answers[i].map((given) => hintFor(item, given))));
}"""
SIDES = {"right": operator.eq, "too small": operator.lt, "too large": operator.gt}


def wrong_answers(q):
    """Return what a reader may give: each slip, and numbers beside the right ones."""
    if q.get("choices"):
        return [[n] for n in q["choices"] if [n] != q["answer"]]
    near = [[n + by for n in q["answer"]] for by in (1, 2, -1)]
    first = [q["answer"][0] + 1, *q["answer"][1:]]
    return [s["value"] for s in q["slips"]] + [n for n in [*near, first] if min(n) >= 0]


def check_sides(q, given, line):
    """Compare each number with the right one, as the first line of a hint says it."""
    answer, numbers = q["answer"], [str(given[0])]
    if q.get("choices"):
        assert line == f"It is not {given[0]}."
        return
    if len(answer) > 1:
        numbers = q.get("labels") or [f"number {i + 1}" for i in range(len(answer))]
    parts = re.split("; ", line.removesuffix("."))
    for name, part, mine, right in zip(numbers, parts, given, answer, strict=True):
        said = part.removeprefix(f"{name} is " if len(answer) == 1 else f"{name}: ")
        assert SIDES.get(said, operator.ne)(mine, right), (line, given, answer)
        assert said in SIDES or (said == "not there" and q["places"])


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "mixed"])
def test_a_hint_is_true_and_keeps_the_solution(topic, open_page, widgets_url, sample):
    page = open_page(f"{widgets_url}?widget=practice")
    items = drawn(page, topic, sample.of(range(SEEDS), SAMPLED), NUMBERS)
    answers = [wrong_answers(q) for q in items]
    hints = json.loads(page.evaluate(HINTS, [items, answers]))
    strips = 0
    for q, given, hint in ((q, g, h) for q, gs, hs in zip(items, answers, hints, strict=True)
                           for g, h in zip(gs, hs, strict=True)):  # fmt: skip
        side, more, *count = hint["lines"]
        check_sides(q, given, side)
        slips = {f"Perhaps: {s['name']}. {s['why']}": s for s in q["slips"]}
        assert more == q["hint"] or more in slips, (q["text"], given)
        if given in [s["value"] for s in q["slips"]]:  # a slip that leads just there
            assert slips[more]["value"] == given
            assert hint["sums"] == slips[more]["equations"]
        else:
            assert hint["sums"] == []
        assert not states_solution(q, given, [more, *hint["sums"]] if more in slips else [])
        axis = hint.get("axis")
        strips += bool(axis)
        assert count == (["Count the stops of the window:"] if axis else [])
        if axis:  # it is the question's own, and its size was wrong
            size = axis["size"] + 2 * axis["before"] - axis["dilation"] * (axis["kernel"] - 1) - 1
            size = size // axis["stride"] + 1
            assert size <= 8
            assert size in q["answer"]
    print(f"\n{topic}: {sum(map(len, hints))} hints are true, {strips} with a strip")
    assert bool(strips) == (topic == "output_size")


def states_solution(q, given, texts):
    """Tell whether a hint says the answer, where neither the question nor the reader did."""
    said = " ".join(texts)
    if len(q["answer"]) > 1:
        return text(*q["answer"]) in said
    known = {*re.findall(r"\d+", q["text"]), *map(str, given)}
    [answer] = map(str, q["answer"])
    return answer not in known and bool(re.search(rf"\b(is|are|be|=) {answer}\b", said))


def test_the_hint_is_spoken_and_shows_the_strip(open_practice):
    page = open_practice({})
    page.locator(".cv-field").fill("6")
    page.keyboard.press("Enter")
    said = status(page)
    assert said.startswith("Not yet. 6 is too large.")
    assert said.endswith("Try once more; then it is worked out.")
    strip = page.locator("[role=status] [role=img]")
    assert strip.is_visible()
    assert "stop of the window" in strip.get_attribute("aria-label")
    assert not page.locator(".cv-working").is_visible()
    assert not page.get_by_text("of 1 right").is_visible()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert status(page) == "Right: 5."
    assert page.get_by_text("1 of 1 right").is_visible()


def test_another_question_has_a_first_try_of_its_own(open_practice):
    page = open_practice({})
    page.locator(".cv-field").fill("6")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next question").click()
    assert status(page) == ""
    page.get_by_role("button", name="Previous question").click()
    assert status(page) == ""
    page.locator(".cv-field").fill("7")
    page.keyboard.press("Enter")
    assert status(page).startswith("Not yet. 7 is too large.")
    assert traits(page)["answers"] == []


def test_hint(open_practice):
    page = open_practice({})
    hint = page.get_by_role("button", name="Hint")
    rule = page.get_by_text(question(page, "output_size", 1, 1)["hint"])
    assert (hint.get_attribute("aria-expanded"), rule.is_visible()) == ("false", False)
    hint.click()
    assert (hint.get_attribute("aria-expanded"), rule.is_visible()) == ("true", True)
    page.get_by_role("button", name="Next question").click()
    assert not page.locator(".cv-hint").is_visible()


def test_back_and_forth(open_practice):
    page = open_practice({})
    back = page.get_by_role("button", name="Previous question")
    forth = page.get_by_role("button", name="Next question")
    assert back.is_disabled()
    forth.click()
    forth.click()
    q = question(page, "output_size", 1, 3)
    for field, number in zip(page.locator(".cv-field").all(), q["answer"], strict=True):
        field.fill(str(number))
    page.get_by_role("button", name="Check").click()
    assert traits(page)["answers"] == [None, None, q["answer"]]
    back.click()
    assert page.locator(".cv-which").inner_text() == "Question 2"
    assert page.get_by_role("button", name="Check").is_visible()
    forth.first.click()
    assert status(page) == f"Right: {text(*q['answer'])}."
    marks = page.locator(".cv-trail span").all()
    assert [mark.get_attribute("data-right") for mark in marks] == [None, None, "true"]


def test_the_last_question(open_practice):
    page = open_practice({"question": 9999})
    page.get_by_role("button", name="Next question").click()
    assert traits(page)["question"] == 9999


def test_another_topic_or_set_starts_again(open_practice):
    page = open_practice({"question": 3, "answers": [[1], None]})
    page.get_by_label("topic").select_option("groups")
    assert traits(page) == {"topic": "groups", "seed": 1, "question": 1, "answers": []}
    assert page.locator(".cv-code").inner_text() == question(page, "groups", 1, 1)["code"]
    page.get_by_label("set").fill("77")
    page.keyboard.press("Enter")
    assert traits(page) == {"topic": "groups", "seed": 77, "question": 1, "answers": []}
    assert page.locator(".cv-code").inner_text() == question(page, "groups", 77, 1)["code"]
    page.get_by_label("set").fill("12345678")
    page.keyboard.press("Enter")
    assert traits(page)["seed"] == 77
    assert page.get_by_label("set").input_value() == "12345678"
    assert page.get_by_text(
        "set=12345678 is not possible: it is a number from 0 to 999,999. "
        "The picture still shows set=77."
    ).is_visible()


def test_a_change_from_outside_shows_and_leaves_the_draft(open_practice):
    page = open_practice({"question": 2})
    field = page.locator(".cv-field").first
    field.fill("12")
    page.evaluate("mounted[0].model.set('answers', [[1]])")
    assert page.get_by_text("0 of 1 right").is_visible()
    assert field.input_value() == "12"
    page.evaluate("mounted[0].model.set('question', 1)")
    assert "not 1." in status(page)
    page.evaluate("mounted[0].model.set('topic', 'padding')")
    assert page.locator(".cv-code").inner_text() == question(page, "padding", 1, 1)["code"]


def test_two_views_of_one_model_keep_step(open_practice):
    page = open_practice({})
    page.evaluate(
        """async () => {
          const { default: widget } = await import("/practice.js");
          const el = document.body.appendChild(document.createElement("div"));
          widget.render({ model: mounted[0].model, el });
        }"""
    )
    page.locator(".cv-field").first.fill("777")
    for _ in range(2):
        page.get_by_role("button", name="Check").first.click()
    views = page.locator(".cv-practice").all()
    assert len(views) == 2
    for view in views:
        assert "not 777." in status(view)
        assert view.locator(".cv-field").input_value() == "777"


@pytest.mark.parametrize("width", [360, 1280])
def test_fits_and_can_be_touched(width, open_practice):
    page = open_practice(viewport={"width": width, "height": 800})
    for topic in TOPICS[:-1]:
        for q in drawn(page, topic, [0], 12):
            traits = answered(q, q["slips"][-1]["value"])
            if q["number"] in (1, 2, 3, 4):
                add(page, [{"topic": topic, **traits, "answers": []}])
            if q["number"] in (2, 4, 9, 11):
                add(page, [{"topic": topic, **traits}])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, summary")]
          .map((target) => (target.closest(".cv-option") ?? target).getBoundingClientRect())
          .filter(({ width, height }) => width && Math.min(width, height) < 24).length"""
    )
    assert small == 0


def test_the_picture_has_its_numbers_as_text(open_practice):
    page = open_practice({"topic": "channels"})
    q = question(page, "channels", 1, 1)
    label = page.get_by_role("img").get_attribute("aria-label")
    assert label in full_text(page, q).replace("\n", " ")
    numbers = [str(n) for plane in q["picture"]["input"] for line in plane for n in line]
    assert page.locator(".cv-input .cv-cell").all_inner_texts() == numbers


def test_what_is_copied(open_practice):
    page = open_practice(
        {"topic": "groups", "seed": 3}, permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("Copied").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    assert repr(eval(code)) == "Practice(topic='groups', seed=3)"
    page.get_by_role("button", name="Copy 10 questions").click()
    page.get_by_text("Copied").nth(1).wait_for()
    sheet = page.evaluate("navigator.clipboard.readText()")
    assert sheet.startswith(code)
    assert "\n\n10. Conv2d(" in sheet
