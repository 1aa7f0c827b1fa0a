"""The directive ``moving-picture``: a window slides over a small picture, and its edges appear.

One drawing, moved by the stylesheet alone: it needs no script, can be stopped, and stands still
where the reader has asked for less motion. convlib computes what it shows.
"""

import numpy as np
from docutils import nodes
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from convlib.functional import conv2d

_ = get_translation("sphinx")

PICTURE = """
    ............
    ..##....##..
    .####..####.
    ############
    ############
    ############
    .##########.
    ..########..
    ...######...
    ....####....
    .....##.....
    ............
"""
KERNEL = ((-1, 0, 1),) * 3  # what is right of the middle, less what is left of it

CELL = 14  # pixels
BIG = 26  # a cell of the kernel, which holds a number
GAP = 24  # between the three parts


def label():
    """Return what the drawing shows, to listen to."""
    return _(
        "A window of 3 by 3 pixels moves over a heart. Its output appears number by number: left "
        "edges are positive, right edges are negative."
    )


def drawing():
    """Return the picture, the kernel and the output as one SVG."""
    picture = np.array([[cell == "#" for cell in row] for row in PICTURE.split()], dtype="float32")
    kernel = np.array(KERNEL, dtype="float32")
    output = conv2d(picture[None, None], kernel[None, None])[0, 0]
    wide, places, side = picture.shape[1], output.shape[1], len(kernel)
    middle = wide * CELL / 2
    at_kernel = wide * CELL + GAP
    at_output = at_kernel + side * BIG + GAP
    window = side * CELL
    size = places * CELL
    return f"""
<svg viewBox="-2 -2 {at_output + size + 4} {wide * CELL + 4}" role="img" aria-label="{label()}">
<g class="film-input">{cells(picture, CELL)}</g>
<g class="film-down"><rect class="film-window film-along" width="{window}" height="{window}"/></g>
<g class="film-kernel" transform="translate({at_kernel} {middle - side * BIG / 2})">
{cells(kernel, BIG)}{numbers(kernel, BIG)}</g>
<svg x="{at_output}" y="{CELL}" width="{size}" height="{size}">{cells(output, CELL)}
<g class="film-down film-cover"><rect class="film-along" x="{CELL}" width="{size}"
height="{CELL}"/><rect y="{CELL}" width="{size}" height="{size}"/></g>
</svg>
<rect class="film-frame" x="{at_output}" y="{CELL}" width="{size}" height="{size}"/>
</svg>"""


def cells(values, size):
    """Draw a grid: the sign of a number is its colour, its size how strong it is."""
    most = np.abs(values).max()
    return "".join(
        f'<rect class="film-{("zero", "more", "less")[int(np.sign(value))]}" x="{column * size}" '
        f'y="{row * size}" width="{size}" height="{size}" style="--part: {abs(value) / most:.2f}"/>'
        for (row, column), value in np.ndenumerate(values)
    )


def numbers(values, size):
    """Write the numbers of a grid."""
    return "".join(
        f'<text x="{(column + 0.5) * size}" y="{(row + 0.5) * size}">{written(value)}</text>'
        for (row, column), value in np.ndenumerate(values)
    )


def written(value):
    """Write a whole number, with a real minus sign."""
    return f"{value:.0f}".replace("-", "−")


class MovingPicture(SphinxDirective):
    """``{moving-picture}``; its content is the caption."""

    has_content = True

    def run(self):
        """Return the drawing, its switch and its caption."""
        still = _("Stand still")
        stop = (
            '<input type="checkbox" id="film-stop" class="film-stop">'
            f'<label for="film-stop" class="film-stop">{still}</label>'
        )
        figure = nodes.container(classes=["film"])
        figure += nodes.raw("", stop + drawing(), format="html")
        figure += self.parse_content_to_nodes()
        return [figure]


def setup(app):
    """Add the directive."""
    app.add_directive("moving-picture", MovingPicture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
