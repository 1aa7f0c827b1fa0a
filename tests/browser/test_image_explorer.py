"""ImageExplorer in a browser: every output pixel against PyTorch, and what a reader can do."""

import base64
import hashlib
import itertools
import re
import struct
import zlib

import numpy as np
import pytest
import torch

from convlib.widgets import ImageExplorer
from convlib.widgets._photo import photo_of_the_page, photo_values
from convlib.widgets.image_explorer import KERNELS, LIMITS, PADDING_MODES, PICTURES
from tests.browser.hands import nothing, press, push, slide, type_in
from tests.browser.pages import trait
from tests.browser.states import reached, traits

# What the tests of all widgets, and the benchmark, do with this one: see states.py.
LARGEST = {
    "kernel": np.arange(25).reshape(5, 5) - 12,
    "padding": 64,
    "dilation": 3,
    "picture": "colour",
}
ACTIONS = [
    (push("Laplacian"), "kernel='laplacian'"),
    (press(".cv-cursor", "ArrowDown", "ArrowRight"), "kernel='laplacian', cursor=(71, 61)"),
    (slide("stride", 2), "kernel='laplacian', stride=2, cursor=(71, 61)"),
    (
        type_in("weight, row 0, column 0", 3),
        "kernel=((3, 1, 0), (1, -4, 1), (0, 1, 0)), stride=2, cursor=(71, 61)",
    ),
    (
        push("colour"),
        "kernel=((3, 1, 0), (1, -4, 1), (0, 1, 0)), stride=2, picture='colour', cursor=(71, 61)",
    ),
]
CHANGE = ("kernel = 'box'", "Sum 1: flat parts stay as they are.")
AXE_STATES = [
    ({}, nothing),
    ({"kernel": "gaussian", "picture": "colour", "shown": "picture", "padding": 30}, nothing),
    ({}, type_in("weight, row 0, column 0", 100)),
]
TIMED = [
    (".cv-weight", ("ArrowUp", "ArrowDown")),
    ("[aria-label=stride]", ("ArrowRight", "ArrowLeft")),
]

PADDINGS = (0, 1, 2, 5, LIMITS["padding"][1])


@pytest.fixture
def page(open_host):
    return open_host("image_explorer")


@pytest.fixture
def explorer(page):
    """Mount one widget with its default traits."""
    page.evaluate("traits => mount(traits)", traits("image_explorer"))
    return page.locator(".cv-image")


# ---------------------------------------------------------------------- every pixel against PyTorch

# The widget's own modules, on the photograph that Python sends: a hash of all outputs, or them all.
FILTER = """async ([photo, all, isHashed]) => {
  const { readPhoto, toGrey } = await import("/math/image_pixels.js");
  const { createFilter } = await import("/math/image_filter.js");
  const colour = readPhoto(photo);
  const pictures = { colour, grey: toGrey(colour) };
  const filter = createFilter();
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) =>
    byte.toString(16).padStart(2, "0")).join("");
  const text = (bytes) => {
    let letters = "";
    for (let at = 0; at < bytes.length; at += 8192)
      letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(letters);
  };
  const results = [];
  for (const settings of all) {
    const { output } = filter(pictures[settings.picture], settings);
    const { channels, height, width, values } = output;
    const bytes = new Uint8Array(values.buffer);
    const what = isHashed ? hex(await crypto.subtle.digest("SHA-256", bytes)) : text(bytes);
    results.push([[1, channels, height, width], what]);
  }
  return results;
}"""


def pytorch(settings):
    """Return what PyTorch makes of the photograph, without a minus before 0."""
    picture = torch.from_numpy(photo_values(settings["picture"]))
    channels = picture.shape[1]
    kernel = torch.tensor(settings["kernel"], dtype=torch.float32)
    layer = torch.nn.Conv2d(
        channels,
        channels,
        len(kernel),
        settings["stride"],
        settings["padding"],
        settings["dilation"],
        groups=channels,
        padding_mode=settings["padding_mode"],
    )
    layer.weight.data[:] = kernel
    layer.bias.data[:] = settings["bias"]
    with torch.no_grad():
        output = layer(picture)
        return ((output.relu() if settings["relu"] else output) + 0.0).contiguous().numpy()


def compare(page, states, *, exactly):
    """Compare every output pixel of these settings; return how many pixels that are."""
    count = 0
    for start in range(0, len(states), 50):
        part = states[start : start + 50]
        results = page.evaluate(FILTER, [photo_of_the_page(), part, exactly])
        for settings, (shape, what) in zip(part, results, strict=True):
            expected = pytorch(settings)
            count += expected.size
            assert tuple(shape) == expected.shape
            if exactly:
                assert what == hashlib.sha256(expected.tobytes()).hexdigest(), settings
            else:
                values = np.frombuffer(base64.b64decode(what), np.float32).reshape(shape)
                np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-3)
    return count


def states_of(presets):
    """Return every combination of these presets with the rest of the controls."""
    names = ("stride", "padding", "padding_mode", "dilation", "picture")
    columns = (
        reached(LIMITS["stride"]),
        PADDINGS,
        PADDING_MODES,
        reached(LIMITS["dilation"]),
        PICTURES,
    )
    return [
        {
            "kernel": KERNELS[preset],
            **dict(zip(names, values, strict=True)),
            "bias": 0,
            "relu": False,
        }
        for preset in presets
        for values in itertools.product(*columns)
    ]


def test_every_pixel_of_every_exact_preset_is_pytorchs(page, sample):
    # Sixteenths are exact too: only the box has weights that no binary number is.
    states = states_of([name for name in KERNELS if name != "box"])
    chosen = sample.of(states, 250)
    pixels = compare(page, chosen, exactly=True)
    print(f"presets on the photograph: {len(chosen)} of {len(states)} settings, {pixels:,} pixels")


def test_every_pixel_of_the_box_is_pytorchs_within_rounding(page, sample):
    states = states_of(["box"])
    chosen = sample.of(states, 40)
    pixels = compare(page, chosen, exactly=False)
    print(f"the box on the photograph: {len(chosen)} of {len(states)} settings, {pixels:,} pixels")


def test_any_kernel_of_whole_numbers_is_pytorchs(page, sample):
    draw = sample.draw()
    low, high = LIMITS["weight"]
    states = []
    for _ in range(sample.size(2000, 80)):
        size = draw.choice(reached(LIMITS["kernel_size"]))
        states.append(
            {
                "kernel": [[draw.randint(low, high) for _ in range(size)] for _ in range(size)],
                **{
                    name: draw.choice(reached(LIMITS[name]))
                    for name in ("stride", "padding", "dilation", "bias")
                },
                "padding_mode": draw.choice(PADDING_MODES),
                "picture": draw.choice(PICTURES),
                "relu": draw.random() < 0.5,
            }
        )
    pixels = compare(page, states, exactly=True)
    print(f"drawn kernels on the photograph: {len(states)} settings, {pixels:,} pixels")


def test_the_output_on_the_screen_is_pytorchs(page, explorer):
    """The canvas as a picture: PyTorch's numbers, cut off at 0 and 255."""
    for name, padding in (("emboss", 3), ("sharpen", 0)):
        update = {"kernel": KERNELS[name], "shown": "picture", "padding": padding}
        page.evaluate("update => mounted[0].model.update(update)", update)
        rgba = page.evaluate("""() => {
          const canvas = mounted[0].el.querySelector(".cv-image-output canvas");
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          return [height, width, [...data]];
        }""")
        expected = pytorch(ImageExplorer(**update).settings())[0, 0].clip(0, 255)
        height, width, data = rgba
        shown = np.array(data).reshape(height, width, 4)
        for plane in range(3):
            np.testing.assert_array_equal(shown[:, :, plane], expected)
        assert (shown[:, :, 3] == 255).all()


def test_signs_have_two_colours_and_zero_has_none(page, explorer):
    rgba = page.evaluate("""() => {
      const canvas = mounted[0].el.querySelector(".cv-image-output canvas");
      return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
    }""")
    shown = np.array(rgba).reshape(254, 254, 4)
    expected = pytorch(ImageExplorer().settings())[0, 0]
    text = explorer.locator(".cv-colour-ends").inner_text()
    limit = int(re.search(r"≥ (\d+)", text)[1])
    assert f"≤ −{limit}" in text
    assert (np.abs(expected) > limit).mean() <= 0.01
    red, _, blue, opacity = np.moveaxis(shown, 2, 0)
    seen = np.abs(expected) > limit / 20
    assert (opacity[expected == 0] == 0).all()
    assert (opacity[seen] > 0).all()
    assert (red > blue)[seen & (expected > 0)].all()
    assert (blue > red)[seen & (expected < 0)].all()
    strong = np.abs(expected) > limit
    assert (opacity[strong] == 255).all()


@pytest.mark.parametrize("picture", PICTURES)
def test_the_sum_beside_the_picture_is_the_output_below_the_cursor(page, sample, picture):
    page.evaluate("traits => mount(traits)", traits("image_explorer", picture=picture))
    explorer = page.locator(".cv-image")
    draw = sample.draw()
    for _ in range(sample.size(200, 20)):
        update = {
            "kernel": KERNELS[draw.choice([*KERNELS])],
            **{
                name: draw.choice(reached(LIMITS[name]))
                for name in ("stride", "padding", "dilation")
            },
            "padding_mode": draw.choice(PADDING_MODES),
            "bias": draw.choice([0, 7]),
            "relu": draw.random() < 0.3,
            "picture": picture,
        }
        output = pytorch(update)[0]
        row, column = (draw.randrange(size) for size in output.shape[1:])
        page.evaluate(
            "update => mounted[0].model.update(update)", {**update, "cursor": [row, column]}
        )
        sums = explorer.locator(".cv-window-sum strong").all_inner_texts()
        shown = [float(each.replace("−", "-")) for each in sums]
        assert shown == pytest.approx(output[:, row, column].tolist(), abs=0.0051), update
        for text in explorer.locator(".cv-window-sum").all():
            cells = text.locator(".cv-cell[data-corner]").all_inner_texts()
            assert len(cells) == len(update["kernel"]) ** 2
        assert explorer.locator(".cv-code").text_content() == ImageExplorer(**update).code


# ------------------------------------------------------------------------------ what a reader does


def weight(explorer, row, column):
    return explorer.get_by_role("spinbutton", name=f"weight, row {row}, column {column}")


def test_a_preset_sets_the_kernel_and_how_it_is_looked_at(page, explorer):
    for label, name, shown in [
        ("emboss", "emboss", "picture"),
        ("Sobel y", "sobel_y", "signs"),
        ("box", "box", "picture"),
    ]:
        explorer.get_by_role("button", name=label, exact=True).click()
        assert np.array_equal(trait(page, "kernel"), KERNELS[name])
        assert trait(page, "shown") == shown
        pressed = explorer.locator(".cv-presets [aria-pressed=true]").all_inner_texts()
        assert pressed == [label]


def test_a_weight_is_typed_or_refused_with_the_reason(page, explorer):
    field = weight(explorer, 1, 1)
    field.fill("2.5")
    field.press("Enter")
    assert trait(page, "kernel")[1] == [-2, 2.5, 2]
    field.fill("1000")
    field.press("Enter")
    assert trait(page, "kernel")[1] == [-2, 2.5, 2]
    refusal = explorer.locator(".cv-image-kernel .cv-refused")
    assert refusal.inner_text() == (
        "1000 is not possible: a weight is a number from −99 to 99. The kernel still has 2.5 there."
    )
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "1000"
    field.fill("")
    field.press("Enter")
    assert refusal.inner_text().startswith("This is not possible: a weight is a number")
    field.fill("-1")
    field.press("Enter")
    assert refusal.inner_text() == ""
    assert field.get_attribute("aria-invalid") is None
    assert trait(page, "kernel")[1] == [-2, -1, 2]


def test_a_weight_is_stepped_with_keys_and_dragged(page, explorer):
    field = weight(explorer, 0, 1)
    field.focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert trait(page, "kernel")[0] == [-1, 2, 1]
    box = field.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 40)
    assert trait(page, "kernel")[0] == [-1, 7, 1]
    page.mouse.move(x, y + 16)
    assert trait(page, "kernel")[0] == [-1, 0, 1]
    page.mouse.up()
    page.mouse.move(x, y - 80)
    assert trait(page, "kernel")[0] == [-1, 0, 1]
    explorer.get_by_role("button", name="box").click()
    field.focus()
    page.keyboard.press("ArrowUp")
    assert trait(page, "kernel")[0][1] == pytest.approx(1 / 9 + 0.1, abs=1e-6)


def test_a_step_beyond_the_limit_stays_at_it(page, explorer):
    field = weight(explorer, 0, 0)
    field.fill("99")
    field.press("ArrowUp")
    assert trait(page, "kernel")[0][0] <= 99


def test_the_size_slider_keeps_the_middle(page, explorer):
    slider = explorer.get_by_role("slider", name="kernel_size")
    slider.fill("5")
    assert trait(page, "kernel")[2] == [0, -2, 0, 2, 0]
    assert explorer.locator(".cv-weight").count() == 25
    slider.fill("3")
    assert np.array_equal(trait(page, "kernel"), KERNELS["sobel_x"])


def test_a_click_on_either_picture_moves_the_cursor_and_says_the_sum(page, explorer):
    explorer.get_by_role("slider", name="stride").fill("2")
    output = explorer.locator(".cv-image-output canvas")
    box = output.bounding_box()
    scale = box["width"] / 127
    output.click(position={"x": 20.5 * scale, "y": 30.5 * scale})
    assert trait(page, "cursor") == [30, 20]
    picture = explorer.locator(".cv-image-input canvas")
    scale = picture.bounding_box()["width"] / 256
    picture.click(position={"x": 101.5 * scale, "y": 41.5 * scale})
    assert trait(page, "cursor") == [20, 50]
    value = pytorch({**ImageExplorer(stride=2).settings()})[0, 0, 20, 50]
    said = page.locator(".cv-offscreen[aria-live]").text_content()
    spoken = f"minus {-value:.0f}" if value < 0 else f"{value:.0f}"
    assert said == f"Output row 20, column 50: {spoken}."


def test_the_keyboard_moves_the_cursor_inside_the_output(page, explorer):
    cursor = explorer.get_by_role("button", name="Cursor: output row 70, column 60")
    cursor.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert trait(page, "cursor") == [80, 59]
    for _ in range(30):
        page.keyboard.press("Shift+ArrowRight")
    assert trait(page, "cursor") == [80, 253]
    focused = "() => document.activeElement.className"
    assert page.evaluate(focused) == "cv-cursor"


def test_the_border_is_framed_and_one_scale_holds_for_both_pictures(page, explorer):
    edge = explorer.locator(".cv-edge")
    assert not edge.is_visible()
    page.evaluate("() => mounted[0].model.update({ padding: 64, stride: 2 })")
    canvas = explorer.locator(".cv-image-input canvas").bounding_box()
    inner = edge.bounding_box()
    assert inner["width"] == pytest.approx(canvas["width"] * 256 / 384, abs=0.5)
    assert inner["x"] - canvas["x"] == pytest.approx(canvas["width"] * 64 / 384, abs=0.5)
    output = explorer.locator(".cv-image-output canvas").bounding_box()
    assert output["width"] == pytest.approx(canvas["width"] * 191 / 384, abs=0.5)


def test_a_padding_that_is_typed_is_refused_in_words(page, explorer):
    field = explorer.get_by_role("spinbutton", name="padding", exact=True)
    field.fill("65")
    field.press("Enter")
    assert trait(page, "padding") == 0
    assert "padding=65 is not possible: it is a number from 0 to 64." in explorer.inner_text()


def test_a_picture_says_how_much_it_cuts_off(page, explorer):
    explorer.get_by_role("button", name="picture", exact=True).click()
    expected = pytorch(ImageExplorer().settings())
    below, above = (expected < 0).mean(), (expected > 255).mean()
    text = f"Cut off: {100 * below:.0f} % are below 0, {100 * above:.0f} % above 255."
    assert text in explorer.inner_text()
    explorer.get_by_role("button", name="identity", exact=True).click()
    assert "Nothing is cut off." in explorer.inner_text()


def test_a_finger_can_do_it(open_host):
    page = open_host("image_explorer", has_touch=True)
    page.evaluate("traits => mount(traits)", traits("image_explorer"))
    page.locator(".cv-image-output canvas").tap(position={"x": 10, "y": 10})
    assert trait(page, "cursor") != [70, 60]
    page.get_by_role("button", name="Sobel y").tap()
    assert np.array_equal(trait(page, "kernel"), KERNELS["sobel_y"])


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_largest_picture_fits(open_host, width, scheme):
    page = open_host(
        "image_explorer", viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page.evaluate("traits => mount(traits)", traits("image_explorer", **LARGEST))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_no_control_moves_another_one(page, explorer):
    places = """() => [".cv-presets", "[aria-label=bias]", ".cv-code"].map((css) => {
      const { left, top } = document.querySelector(css).getBoundingClientRect();
      return [Math.round(left), Math.round(top)];
    })"""
    before = page.evaluate(places)
    for update in [
        {"stride": 4},
        {"padding": 64, "padding_mode": "circular"},
        {"dilation": 2},
        {"shown": "picture"},
        {"kernel": KERNELS["box"]},
        {"shown": "signs"},
    ]:
        page.evaluate("update => mounted[0].model.update(update)", update)
        after = page.evaluate(places)
        assert after[:2] == before[:2], update


# --------------------------------------------------------------------------- a picture of one's own


def png(pixels):
    """Write an array of shape (height, width, 3) as a PNG."""
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)

    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


SMALL = np.random.default_rng(3).integers(0, 256, (20, 30, 3), np.uint8)
CANVAS = """(place) => {
  const canvas = mounted[0].el.querySelectorAll("canvas")[place];
  const { width, height } = canvas;
  return [height, width, [...canvas.getContext("2d").getImageData(0, 0, width, height).data]];
}"""


def canvas(page, place):
    """Return what a canvas shows, as an array of shape (height, width, 4)."""
    height, width, data = page.evaluate(CANVAS, place)
    return np.array(data).reshape(height, width, 4)


def choose(page, *, name="mine.png", mime="image/png", content=None, path=None):
    """Choose a file, as a reader does."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Your picture").click()
    file = path or {"name": name, "mimeType": mime, "buffer": content}
    chooser.value.set_files(file)


def note(page):
    return page.locator(".cv-own-note")


def told(act):
    """Do something that the note below the input answers, and wait for its words."""

    def act_and_wait(view):
        before = note(view.page).text_content()
        act(view)
        view.page.wait_for_function(
            "before => document.querySelector('.cv-own-note').textContent !== before", arg=before
        )

    return act_and_wait


def drop(name, mime, content, size):
    """Drop a file that says to have this size."""
    script = """(root, [name, type, bytes, size]) => {
      const file = new File([new Uint8Array(bytes)], name, { type });
      Object.defineProperty(file, "size", { value: size });
      const event = new Event("drop", { bubbles: true });
      Object.assign(event, { dataTransfer: { types: ["Files"], files: [file] } });
      root.dispatchEvent(event);
    }"""
    return told(lambda view: view.evaluate(script, [name, mime, list(content), size]))


def ask_for_camera(given):
    """Press the button, where the browser gives this: JavaScript of a promise."""

    def act(view):
        view.page.evaluate(
            f"() => {{ navigator.mediaDevices.getUserMedia = async () => {{ {given} }}; }}"
        )
        push("Camera")(view)

    return told(act)


def lose_camera(view):
    """Press the button on a page without https."""
    view.page.evaluate("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    push("Camera")(view)


WORD_STATES = [
    ({"kernel": "identity", "shown": "picture", "bias": 3}, nothing),
    ({"kernel": "laplacian", "picture": "colour", "relu": True}, nothing),
    ({"kernel": [[2, 0, 0], [0, 0, 0], [0, 0, 0]], "shown": "picture", "dilation": 2}, nothing),
    ({}, type_in("weight, row 0, column 0", "")),
    ({}, type_in("padding", 65)),
    ({}, drop("1", "image/png", png(SMALL), 1000)),
    ({}, drop("1", "image/png", png(np.zeros((300, 300, 3), np.uint8)), 1000)),
    ({"padding": 40, "padding_mode": "reflect"}, drop("1", "image/png", png(SMALL), 1000)),
    ({}, drop("1", "image/png", b"no picture", 10)),
    ({}, drop("1", "text/plain", b"no picture", 10)),
    ({}, drop("1", "image/png", b"", 52_000_000)),
    *(
        ({}, ask_for_camera(f"throw new DOMException('', '{name}Error')"))
        for name in ("NotAllowed", "NotFound", "NotReadable", "Abort")
    ),
    ({}, told(lose_camera)),
]


def wait_for_note(page, text):
    page.wait_for_function(
        "text => document.querySelector('.cv-own-note').textContent.startsWith(text)", arg=text
    )


def test_an_own_picture_is_filtered_in_the_page_and_leaves_it_nowhere(page):
    settings = {"kernel": "emboss", "picture": "colour", "shown": "picture"}
    page.evaluate("traits => mount(traits)", traits("image_explorer", **settings))
    before = page.evaluate("[mounted[0].model.traits, mounted[0].model.saves]")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, content=png(SMALL))
    wait_for_note(page, "mine.png")
    assert note(page).text_content() == "mine.png, 20 × 30. It stays in this page."
    np.testing.assert_array_equal(canvas(page, 0)[:, :, :3], SMALL)
    planes = torch.from_numpy(SMALL.transpose(2, 0, 1)[:, None].astype(np.float32))
    kernel = torch.tensor(KERNELS["emboss"], dtype=torch.float32)[None, None]
    expected = torch.nn.functional.conv2d(planes, kernel)[:, 0].clamp(0, 255)
    np.testing.assert_array_equal(canvas(page, 1)[:, :, :3], expected.permute(1, 2, 0))
    assert asked == []
    assert page.evaluate("[mounted[0].model.traits, mounted[0].model.saves]") == before

    page.get_by_role("button", name="The cup").click()
    assert canvas(page, 0).shape[:2] == (256, 256)
    assert "stays in this page" in note(page).text_content()
    assert not page.get_by_role("button", name="The cup").is_visible()


def test_a_large_picture_is_scaled_down_and_says_so(page, explorer):
    pixels = np.zeros((600, 300, 3), np.uint8)
    pixels[:300] = [255, 0, 0]
    choose(page, content=png(pixels))
    wait_for_note(page, "mine.png")
    text = "mine.png, 600 × 300, scaled down to 256 × 128. It stays in this page."
    assert note(page).text_content() == text
    page.get_by_role("button", name="colour").click()
    shown = canvas(page, 0)
    assert shown.shape == (256, 128, 4)
    assert shown[20, 60].tolist() == [255, 0, 0, 255]
    assert shown[200, 60].tolist() == [0, 0, 0, 255]
    box = explorer.locator(".cv-image-input canvas").bounding_box()
    assert box["height"] == pytest.approx(2 * box["width"], rel=0.02)
    room = explorer.locator(".cv-image-input .cv-easel").bounding_box()
    assert box["height"] <= room["height"] + 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({"content": b"no picture"}, "The browser cannot read mine.png: it is broken"),
        ({"content": png(SMALL)[:60]}, "The browser cannot read mine.png: it is broken"),
        ({"name": "a.txt", "mime": "text/plain", "content": b"a"}, "a.txt is no picture."),
    ],
)
def test_a_file_that_is_no_picture_is_refused_in_words(page, explorer, file, words):
    before = canvas(page, 1)
    choose(page, **file)
    wait_for_note(page, words)
    np.testing.assert_array_equal(canvas(page, 1), before)


def test_a_huge_file_is_refused_in_words(page, explorer, tmp_path):
    huge = tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.truncate(51_000_001)
    choose(page, path=huge)
    wait_for_note(page, "huge.png has 52 MB. Up to 50 MB are read.")


def test_a_picture_too_small_for_the_border_is_refused_in_words(page):
    settings = {"padding": 40, "padding_mode": "reflect"}
    page.evaluate("traits => mount(traits)", traits("image_explorer", **settings))
    choose(page, content=png(SMALL))
    wait_for_note(page, "The picture has 20 × 30 pixels: reflect mirrors the input")
    assert canvas(page, 0).shape[:2] == (336, 336)


GIVE = """([kind, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "given.png", { type: "image/png" }));
  const root = document.querySelector(".cv-image");
  const how = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...how, clipboardData: data })
    : new DragEvent("drop", { ...how, dataTransfer: data });
  const over = new DragEvent("dragover", { ...how, dataTransfer: data });
  return [root.dispatchEvent(over), root.dispatchEvent(event)];
}"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_is_dropped_or_pasted(page, explorer, kind):
    assert page.evaluate(GIVE, [kind, list(png(SMALL))]) == [
        False,
        False,
    ]  # the page does not leave
    wait_for_note(page, "given.png, 20 × 30.")
    assert canvas(page, 0).shape[:2] == (20, 30)


def test_a_camera_that_is_refused_is_said_to_be(page, explorer):
    for name, words in [
        ("NotAllowedError", "The camera was not allowed."),
        ("NotFoundError", "No camera was found."),
        ("AbortError", "The camera cannot be used."),
    ]:
        page.evaluate(
            """(name) => {
              const refuse = async () => { throw new DOMException("", name); };
              navigator.mediaDevices.getUserMedia = refuse;
            }""",
            name,
        )
        page.get_by_role("button", name="Camera").click()
        wait_for_note(page, words)
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    page.get_by_role("button", name="Camera").click()
    wait_for_note(page, "A browser gives its camera to https pages only.")
    assert page.get_by_role("button", name="Camera").is_visible()


# A camera that films a canvas: a red half, and a blue one.
FAKE_CAMERA = """() => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 512, height: 384 });
  const context = canvas.getContext("2d");
  const paint = () => {
    context.fillStyle = "#f00";
    context.fillRect(0, 0, 256, 384);
    context.fillStyle = "#00f";
    context.fillRect(256, 0, 256, 384);
  };
  paint();
  window.asked = 0;
  window.stream = canvas.captureStream(10);
  window.painter = setInterval(paint, 50);
  navigator.mediaDevices.getUserMedia = async () => { window.asked += 1; return window.stream; };
}"""


def test_the_camera_films_until_it_is_told_to_hold_still(page):
    settings = {"kernel": "identity", "picture": "colour", "shown": "picture"}
    page.evaluate("traits => mount(traits)", traits("image_explorer", **settings))
    page.evaluate(FAKE_CAMERA)
    assert page.evaluate("asked") == 0  # not before the button
    page.get_by_role("button", name="Camera").click()
    wait_for_note(page, "Camera, 384 × 512, scaled down to 192 × 256. It stays in this page.")
    page.get_by_role("button", name="Hold still").click()
    assert page.evaluate("stream.getTracks().map((track) => track.readyState)") == ["ended"]
    shown = canvas(page, 0)
    assert shown.shape == (192, 256, 4)
    assert shown[90, 30, 0] > 200 > 100 > shown[90, 30, 2]
    assert shown[90, 220, 2] > 200 > 100 > shown[90, 220, 0]
    assert page.get_by_role("button", name="Camera").is_visible()


def test_an_end_stops_the_camera(page, explorer):
    page.evaluate(FAKE_CAMERA)
    page.get_by_role("button", name="Camera").click()
    page.get_by_role("button", name="Hold still").wait_for()
    page.evaluate("mounted[0].cleanup()")
    assert page.evaluate("stream.getTracks().map((track) => track.readyState)") == ["ended"]
