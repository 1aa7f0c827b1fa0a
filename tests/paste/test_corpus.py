"""What people paste, beside PyTorch's answers: layers line by line, and whole networks.

Each item is right, or named (the reader says what it does not understand), or wrong in silence:
none may be that. ``pytest --pastes DIR`` reads another corpus of the same form.
"""

from collections import Counter

from tests.paste.reading import count, follow, read, torch_layer

ENOUGH = 0.95


def judge_all(name, items, faults_of):
    """Count the items that are right, named and wrong; none may be wrong in silence."""
    verdicts = Counter()
    wrong = []
    for item in items:
        reading, faults = faults_of(item)
        named = faults and reading["problems"]
        verdicts["named" if named else "wrong" if faults else "right"] += 1
        if faults and not named:
            wrong.append(f"{item['id']}: {'; '.join(faults)}")
    print(f"{name}: {verdicts['right']} right, {verdicts['named']} named, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)
    assert verdicts["right"] >= ENOUGH * len(items)


# ------------------------------------------------------------------------------------------ lines


def test_lines(items):
    judge_all("lines", items("lines.jsonl"), line_faults)


def fill_in(item):
    """Read an item, and fill in the fields that it opens as its reader would."""
    names = {
        name: value["tensor"] if isinstance(value, dict) and "tensor" in value else value
        for name, value in item["names"].items()
    }
    values = {}
    for _ in range(4):
        reading = read(item["text"], values, item["input"])
        for unknown in reading["unknowns"]:
            values[unknown["name"]] = eval(unknown["name"], {}, names)
    return reading


def line_faults(item):
    reading = fill_in(item)
    expect = item["expect"]
    if "not" in expect:
        said = reading["notes"] and reading["problems"] and not reading["modules"]
        return reading, [] if said else ["it does not say that the layer is not 2-D"]
    if not reading["modules"]:
        return reading, ["no layer"]
    shape = item["input"] or reading["input"]
    if "error" in expect:
        return reading, refusal_faults(reading["modules"][0], expect, shape)
    wanted = [expect, *expect.get("more", [])]
    modules = reading["modules"]
    extra = [module["kind"] for module in modules[len(wanted) :]]
    faults = [f"an extra {kind}" for kind in extra if kind not in item["text"]]
    faults += [f"{len(modules)} layers of {len(wanted)}"] * (len(modules) < len(wanted))
    for module, want in zip(modules, wanted, strict=False):
        faults += layer_faults(module, want, shape)
        if item.get("more") or expect.get("more") != "parallel":
            shape = want["output"] if expect.get("more") and item.get("more") == "chain" else shape
    return reading, faults


def refusal_faults(module, expect, shape):
    refusal = module.get("refusal") or follow([module], shape)[0].get("refusal")
    if not refusal:
        return ["no refusal"]
    got = {"error": refusal["message"], "type": refusal["type"], "when": refusal["when"]}
    faults = [f"{name}: {got[name]!r}" for name in got if got[name] != expect[name]]
    if "layer" in expect and repr(torch_layer(module)) != expect["layer"]:
        faults.append(repr(torch_layer(module)))
    return faults


def layer_faults(module, want, shape):
    if "refusal" in module:
        return [module["refusal"]["message"]]
    plain = {name: value for name, value in module.items() if name != "from"}
    got = {"layer": repr(torch_layer(module))}
    [[got["weight_shape"], got["parameters"]]] = count([plain])
    if shape and want["output"]:
        [row] = follow([plain], shape)
        got["output"], got["macs"] = row["output"], row["macs"]
    return [f"{name}: {value}" for name, value in got.items() if value != want[name]]


# ----------------------------------------------------------------------------------------- models


def test_models(items):
    judge_all("models", items("models.jsonl"), model_faults)


def model_faults(item):
    reading = read(item["text"], {}, item["input"])
    rows = follow(reading["modules"], item["input"])
    expect = item["expect"]
    names = [module.get("name") for module in reading["modules"] if "inserted" not in module]
    if isinstance(expect, dict):
        return reading, [*row_faults(rows, expect["rows"]), *break_faults(rows, names, expect)]
    faults = row_faults(rows, expect)
    if not faults and rows[-1].get("refusal"):
        faults = [rows[-1]["refusal"]["message"]]
    if item.get("branching") and faults:
        # A print shows no forward: its rows in order break where PyTorch would break in order.
        broken = item["in_order"]
        before = expect[: broken["breaks_at"]] if "breaks_at" in broken else []
        wanted = {row["name"]: row for row in before if "calls" not in row}
        faults = break_faults(rows, names, broken)
        faults += [f"{name} is missing" for name in wanted if name not in names]
        faults += [] if reading["notes"] else ["it does not say that rows may stand elsewhere"]
    return reading, faults


def row_faults(rows, wanted):
    """Compare the rows that have a name; functions of forward have none."""
    got = {row["module"].get("name"): row for row in rows}
    faults = []
    for want in wanted:
        row = got.get(want["name"])
        if row is None:
            faults.append(f"{want['name']} is missing")
            continue
        found = {
            "kind": row["module"]["kind"],
            "output": row["output"],
            "parameters": row["parameters"],
            "macs": row["macs"],
        }
        faults += [
            f"{want['name']} {key}: {found[key]}" for key in found if found[key] != want[key]
        ]
    return faults


def break_faults(rows, names, want):
    row = rows[-1]
    refusal = row.get("refusal")
    if not refusal:
        return ["no refusal"]
    name = row["module"].get("name")
    got = {
        "breaks_at": names.index(name),
        "breaks_at_name": name,
        "error": refusal["message"],
        "gets": row["input"],
        "in_features_needed": (refusal.get("needs") or {}).get("in_features"),
    }
    return [f"{key}: {got[key]}" for key in got if key in want and got[key] != want[key]]
