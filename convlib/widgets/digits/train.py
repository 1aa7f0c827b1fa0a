"""Train the network of the widget that reads digits, in whole numbers, and write it down as text.

``pip install scikit-learn==1.9.1``, then ``python convlib/widgets/digits/train.py``.

That package carries the digits: 1797 images of 8 x 8 cells, with 0 to 16 of ink in each. The course
itself needs neither it nor PyTorch here: what they make is `weights.toml` and `digits.txt`.

Three steps lead to whole numbers. First the network learns as usual. Then it goes on learning
while each weight is rounded before use; the gradient passes as if it had not been. At last every
number is moved by one step up or down, one after the other, and stays where the loss is smaller.
"""

from pathlib import Path

import torch
from torch.nn.functional import conv2d, cross_entropy, linear, max_pool2d, relu

HERE = Path(__file__).parent
SEED = 0
TESTED = 360  # of the 1797 digits: the training never sees them
SIGNS = "0123456789abcdefg"  # of an ink from 0 to 16

# Each part of the network: its shape, the largest number in it, the unit in which it is learned (a
# bias is far larger than a weight), and how far the last step moves one of its numbers.
PARTS = {
    "conv1.weight": ((4, 1, 3, 3), 2, 1, 1),
    "conv1.bias": ((4,), 99, 10, 1),
    "conv2.weight": ((8, 4, 3, 3), 2, 1, 1),
    "conv2.bias": ((8,), 999, 30, 8),
    "linear.weight": ((10, 32), 3, 1, 1),
    "linear.bias": ((10,), 9999, 100, 30),
}


def main():
    """Train, test, and write both files."""
    images, labels = load()
    generator = torch.Generator().manual_seed(SEED)
    order = torch.randperm(len(images), generator=generator)
    tested, trained = order[:TESTED], order[TESTED:]
    known = images[trained], labels[trained]

    latent = start(generator)
    learn(latent, known, clamped, epochs=150, rate=0.05, generator=generator)
    learn(latent, known, rounded, epochs=100, rate=0.01, generator=generator)
    with torch.no_grad():
        numbers = {name: rounded(name, latent[name]) for name in PARTS}
        climb(numbers, latent["temperature"].exp(), known, generator)
        right = count_right(numbers, images[tested], labels[tested])
        print(f"training: {count_right(numbers, *known)} of {len(trained)} right")
    print(f"test: {right} of {TESTED} right, {right / TESTED:.1%}")
    write_weights(numbers, right)
    write_digits(images[tested], labels[tested])


def load():
    """Return the digits of `sklearn.datasets`: images of (1797, 1, 8, 8), and labels."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32)
    return images.unsqueeze(1), torch.tensor(digits.target)


# --- the network ----------------------------------------------------------------------------------


def scores(numbers, images):
    """Compute the ten scores of each image."""
    x = images
    for layer in ("conv1", "conv2"):
        x = conv2d(x, numbers[f"{layer}.weight"], numbers[f"{layer}.bias"], padding=1)
        x = max_pool2d(relu(x), 2)
    return linear(x.flatten(1), numbers["linear.weight"], numbers["linear.bias"])


def count_right(numbers, images, labels):
    """Count the images whose highest score is that of their label."""
    return int((scores(numbers, images).argmax(1) == labels).sum())


def start(generator):
    """Draw the first weights; biases start at 0. Scores are divided by a learned temperature."""
    latent = {name: torch.zeros(shape) for name, (shape, *_) in PARTS.items()}
    for layer in ("conv1", "conv2", "linear"):
        shape, most, *_ = PARTS[f"{layer}.weight"]
        latent[f"{layer}.weight"] = torch.randn(shape, generator=generator) * 0.5 * most
    latent["temperature"] = torch.tensor(5.0)
    return {name: tensor.requires_grad_() for name, tensor in latent.items()}


def clamped(name, latent):
    """Return a part of the network, within its limits."""
    _, most, unit, _ = PARTS[name]
    return (latent * unit).clamp(-most - 0.49, most + 0.49)


def rounded(name, latent):
    """Return a part in whole numbers; the gradient passes as if nothing had been rounded."""
    part = clamped(name, latent)
    return part + (part.round() - part).detach()


# --- the three steps ------------------------------------------------------------------------------


def learn(latent, known, part_of, *, epochs, rate, generator):
    """Train with Adam, whose rate rises and then falls to nothing."""
    images, labels = known
    optimizer = torch.optim.Adam(latent.values(), lr=rate)
    batches = -(-len(images) // 64)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * batches)
    for _ in range(epochs):
        for batch in torch.randperm(len(images), generator=generator).split(64):
            numbers = {name: part_of(name, latent[name]) for name in PARTS}
            found = scores(numbers, varied(images[batch], generator))
            loss = cross_entropy(found / latent["temperature"].exp(), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def varied(images, generator):
    """Vary images as hands do: some in full ink or none, some moved by a cell."""
    images, original = images.clone(), images
    number = len(images)
    hard = torch.rand(number, generator=generator) < 0.35
    least = torch.randint(4, 11, (number, 1, 1, 1), generator=generator)
    images[hard] = ((original >= least).float() * 16)[hard]
    for step in (0, 1), (0, -1), (1, 0), (-1, 0):
        moved = torch.rand(number, generator=generator) < 0.1
        images[moved] = torch.roll(original, step, (2, 3))[moved]
    return images


def climb(numbers, temperature, known, generator, rounds=3):
    """Move each number by one step, up or down, and keep what makes the loss smaller."""
    images = torch.cat([known[0], varied(known[0], generator)])
    labels = known[1].repeat(2)

    def loss():
        return cross_entropy(scores(numbers, images) / temperature, labels).item()

    best = loss()
    for _ in range(rounds):
        for name, (_, most, _, step) in PARTS.items():
            flat = numbers[name].view(-1)
            for at in torch.randperm(len(flat), generator=generator).tolist():
                old = flat[at].item()
                for new in (old + step, old - step):
                    flat[at] = new
                    if abs(new) <= most and (now := loss()) < best:
                        best = now
                        break
                    flat[at] = old


# --- the files ------------------------------------------------------------------------------------


def write_weights(numbers, right):
    """Write the network, the seed and the accuracy as text."""
    lines = [
        "# Written by train.py: whole numbers, so that every sum of the network is exact.",
        f"seed = {SEED}",
        f"tested = {TESTED}",
        f"right = {right}  # {right / TESTED:.1%}",
    ]
    for name in PARTS:
        layer, _, part = name.partition(".")
        if part == "weight":
            lines += ["", f"[{layer}]"]
        rows = ",\n".join(f"  {row}" for row in numbers[name].int().tolist())
        lines.append(f"{part} = [\n{rows},\n]")
    (HERE / "weights.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_digits(images, labels):
    """Write each digit as its label and 64 signs, row by row."""
    lines = [
        "# The digits that the training never saw: a label, and 64 signs for 8 rows of 8 cells,",
        "# 0 to 9 and a to g for an ink of 0 to 16. From: Optical Recognition of Handwritten",
        "# Digits, by E. Alpaydin and C. Kaynak, 1998, https://doi.org/10.24432/C50P49",
        "# (CC BY 4.0), in the form of scikit-learn's load_digits.",
    ]
    for image, label in zip(images, labels, strict=True):
        signs = "".join(SIGNS[int(ink)] for ink in image.flatten())
        lines.append(f"{label} {signs}")
    (HERE / "digits.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
