"""Every word that a widget shows or speaks goes through its catalogue."""

import re

import pytest

from tests.browser.states import WIDGETS, also_said, said, traits

# A language of wide letters: what stays narrow was never handed to be translated.
SPEAK_WIDE = """async () => {
  const { setWords } = await import("/math/words.js");
  const wide = (text) => text.replace(/(\\{\\w+\\})|([A-Za-z])/g, (all, fact, letter) =>
    fact ?? String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
  setWords("en", new Proxy({}, { get: (_, text) => wide(text) }));
}"""
SHOWN = """() => {
  const CODE = "code, pre, textarea, math, .cv-code, [data-code]";
  const LABELS =
    ["aria-label", "aria-description", "aria-valuetext", "title", "placeholder", "alt"];
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!parentElement.closest(`${CODE}, script, style`)) found.push(data);
  }
  for (const element of document.querySelectorAll("body *")) {
    if (!element.closest("[data-code]"))
      for (const label of LABELS) found.push(element.getAttribute(label) ?? "");
  }
  return found;
}"""

# Names of PyTorch and of units are the same in every language.
NAMES = re.compile(
    r"""
      \b(?:torch|nn|np|numpy|convlib|PyTorch|NumPy|Python|JupyterLab|Keras|TensorFlow|ONNX)\b
    | \b[A-Z][A-Za-z]*\d?[A-Z]?[a-z0-9]*(?:2d|1d|3d|LU|Norm|ax|id)\b  # Conv2d, ReLU
    | \b(?:Linear|Flatten|Identity|Sequential|Module|Upsample|Sobel|Laplace|ResNet|VGG|U-Net)\b
    | \b(?:in|out)_(?:channels|features)\b | \bkernel_size\b | \bpadding_mode\b | \boutput_padding\b
    | \b(?:stride|padding|dilation|groups|bias|weight|input|output)\b(?==|$|\s*$)  # a name alone
    | \b(?:stride|padding|dilation)\ \d  # or with its number
    | \b(?:stride|padding|groups)(?=:\ )  # or with what is said of it
    | \b\w+\[[^\]]*\]  # a cell: input[0, 1]
    | \b(?:stride|padding|dilation)\ (?:ｈｅｉｇｈｔ|ｗｉｄｔｈ)  # or along an axis
    | \b(?:same|valid|zeros|reflect|replicate|circular|None|True|False|int|ceil_mode)\b
    | \b(?:nearest|bilinear|bicubic|ceil|affine|psame)\b
    | (?:(?<=\d,\ )|(?<=ａ\ ))(?:add|mul|cat|mean|roll)\b  # a step of a network
    | \b(?:resnet|vgg|mobilenetv|patchgan)\d+\b | \b(?:unet|dcgan)\b  # names of networks
    | \b(?:conv|pool)\d\b | \brelu\b
    | \b(?:float|int|uint|bfloat)\d+\b | \b\w+\([^)]*\) | \b\w+=\S+
    | \b(?:kB|MB|GB|ms|px|MAC|MACs|B)\b
    | \b\w*_\w+\b
    """,
    re.VERBOSE,
)


def narrow_words(texts):
    """Map the texts with English words, names of PyTorch aside, to these words."""
    words = {text: re.findall(r"[A-Za-z]{2,}", NAMES.sub(" ", text)) for text in texts}
    return {text: found for text, found in words.items() if found}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_word_goes_through_the_catalogue(name, open_widget, sample):
    for settings, act in sample.of(states(name), 8):
        page = open_widget(name, traits(name, **settings), script=SPEAK_WIDE)
        if act:
            act(page.locator(".convlib"))
        assert narrow_words(page.evaluate(SHOWN)) == {}, settings
        page.close()


def states(name):
    """Return settings, and what a reader does then: each of the widget's states that tests open."""
    return [({}, None), *said(name, "AXE_STATES"), *also_said(name, "WORD_STATES")]
