"""A picture of the reader's own, on the published page: under its policy, and without a request."""

import base64

import pytest

# One red pixel, as a PNG.
RED = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
LARGE = """() => new Promise((resolve) => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 400, height: 200 });
  canvas.getContext("2d").fillRect(0, 0, 400, 200);
  canvas.toBlob(async (blob) => resolve([...new Uint8Array(await blob.arrayBuffer())]));
})"""


@pytest.fixture
def page(open_page, site_url):
    """Open the chapter and wake its picture."""
    page = open_page(f"{site_url}book/filters.html")
    view = page.locator("[data-module=image_explorer]")
    view.scroll_into_view_if_needed()
    view.get_by_role("button", name="Your picture").wait_for()
    return page


def test_it_is_read_under_the_policy_and_nothing_is_asked_of_any_server(page):
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy.startswith("default-src 'self'; ")
    page.wait_for_load_state("networkidle")
    content = bytes(page.evaluate(LARGE))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Your picture").click()
    file = {"name": "black.png", "mimeType": "image/png", "buffer": content}
    chooser.value.set_files(file)
    note = page.locator(".cv-own-note")
    note.filter(has_text="black.png, 200 × 400, scaled down to 128 × 256.").wait_for()
    assert page.locator(".cv-image-input canvas").get_attribute("height") == "128"
    assert asked == []


def test_a_picture_smaller_than_the_kernel_is_refused(page):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Your picture").click()
    chooser.value.set_files({"name": "red.png", "mimeType": "image/png", "buffer": RED})
    words = "The picture has 1 × 1 pixels: the window would span 3 x 3 cells"
    page.locator(".cv-own-note").filter(has_text=words).wait_for()
