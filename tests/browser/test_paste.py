"""The reader of pasted text in a browser: what it reads there is what V8 alone reads."""

import json

from tests.paste.reading import read

READ = """async (items) => {
  const { read } = await import("/math/paste/read.js");
  return items.map(({ text, input }) => JSON.parse(JSON.stringify(read(text, {}, input))));
}"""
HOSTILE = """async (text) => {
  const { read } = await import("/math/paste/read.js");
  const start = performance.now();
  const { kind } = read(text);
  return [kind, performance.now() - start, globalThis.touched === undefined];
}"""


def test_corpus_reads_the_same(open_page, widgets_url, request):
    folder = request.config.getoption("pastes")
    lines = [
        line
        for name in ("lines.jsonl", "models.jsonl")
        for line in (folder / name).read_text(encoding="utf-8").splitlines()
    ]
    items = [json.loads(line) for line in lines if line.strip()]
    page = open_page(widgets_url)
    for item, reading in zip(items, page.evaluate(READ, items), strict=True):
        assert reading == read(item["text"], {}, item["input"]), item["id"]
    print(f"pasted in a browser: {len(items)} texts")


def test_markup_is_text(open_page, widgets_url):
    page = open_page(widgets_url)
    text = "<img src=x onerror='globalThis.touched = 1'>\n" * 25_000
    kind, milliseconds, untouched = page.evaluate(HOSTILE, text)
    assert kind == "nothing"
    assert untouched
    assert milliseconds < 5000  # the machine may be busy; V8's own time is judged in test_hostile
    print(f"a megabyte of markup: {milliseconds:.0f} ms")
