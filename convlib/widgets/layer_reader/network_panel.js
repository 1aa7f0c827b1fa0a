/** The answer for several layers: what goes from one to the next, and where it breaks. */

import { codeOf } from "../math/layer_answer.js";
import { ledgerSettings } from "../math/ledger_link.js";
import { toFragment } from "../math/links.js";
import { isJoin, trace } from "../math/network.js";
import { sentences } from "../math/text.js";
import { plural, t } from "../math/words.js";
import { el } from "../parts/dom.js";
import { headline, isInBook, shapeText } from "./layer_panel.js";
import { refusalPanel } from "./refusal_panel.js";

/** More rows than this are shown without their middle. */
const MOST_ROWS = 200;

const count = (number) => number.toLocaleString("en");

/**
 * @param {import("../math/modules.js").Module[]} modules
 * @param {number[]} input
 * @param {object} texts  The sentences of refusals.
 * @param {object} room  What StackLedger has rows for.
 * @param {AbortSignal} signal
 * @returns {{ parts: Element[], spoken: string }}
 */
export function networkPanel(modules, input, { texts, room }, signal) {
  const rows = followed(modules, input);
  const broken = rows.at(-1).refusal;
  const total = (name) => rows.reduce((sum, row) => sum + row[name], 0);
  const table = el(
    "table",
    "cv-rows",
    {},
    el("caption", "cv-offscreen", {}, t("The rows of the network")),
    head(),
    el("tbody", "", {}, ...shownRows(rows)),
  );
  const sums = plural(
    "{count} row, {parameters} parameters, {macs} MACs",
    "{count} rows, {parameters} parameters, {macs} MACs",
    rows.length,
    { parameters: count(total("parameters")), macs: count(total("macs")) },
  );
  const parts = [
    el("div", "cv-scroll", { tabindex: 0 }, table),
    ...openInLedger(modules, input, room),
  ];
  if (!broken) {
    const output = rows.at(-1).output;
    parts.unshift(headline(input, output), el("p", "cv-quiet", {}, sums));
    const facts = { input: shapeText(input), output: shapeText(output), sums };
    return { parts, spoken: t("{input} becomes {output}. {sums}.", facts) };
  }
  const left = modules.length - rows.length;
  const layer = nameOf(rows.at(-1).module);
  const where = t("Row {row}, {layer}, does not fit.", { row: rows.length, layer });
  const answer = refusalPanel(broken, rows.at(-1), texts, signal);
  parts.unshift(el("p", "cv-headline", {}, where), ...answer.parts);
  if (left > 0) parts.push(el("p", "cv-quiet", {}, notReached(left)));
  return { parts, spoken: sentences([where, answer.spoken]) };
}

const notReached = (count) =>
  plural("{count} row below is not reached.", "{count} rows below are not reached.", count);

/** A link to the chapter on stacks, whose table opens with the same rows. */
function openInLedger(modules, input, room) {
  const settings =
    isInBook() && modules.length <= MOST_ROWS && ledgerSettings(modules, input, room);
  if (!settings) return [];
  const href = `stacks.html#${toFragment("stack_ledger", settings)}`;
  const words = t("See what each row sees, and change it, in the ledger");
  return [el("p", "cv-small", {}, el("a", "", { href }, words))];
}

/** The rows up to the first that PyTorch refuses, be it when the layer is made or when it is called. */
function followed(modules, input) {
  const unmade = modules.findIndex(({ refusal }) => refusal);
  if (unmade < 0) return trace(modules, input);
  const rows = trace(modules.slice(0, unmade), input);
  if (rows.at(-1)?.refusal) return rows;
  const module = modules[unmade];
  const inputs = [rows.at(-1)?.output ?? input];
  const nothing = { output: null, parameters: 0, macs: 0 };
  return [...rows, { module, inputs, input: inputs[0], ...nothing, refusal: module.refusal }];
}

/** The rows of the table, or its beginning and its end. */
function shownRows(rows) {
  const all = rows.map((row, index) => [row, index]);
  if (all.length <= MOST_ROWS) return all.map((each) => tableRow(...each));
  const half = MOST_ROWS / 2;
  const left = all.length - MOST_ROWS;
  const words = plural("{count} row is not shown", "{count} rows are not shown", left);
  const gap = el("tr", "", {}, el("th", "cv-gap-row", { colspan: 5 }, words));
  const [start, end] = [all.slice(0, half), all.slice(-half)];
  return [...start.map((each) => tableRow(...each)), gap, ...end.map((each) => tableRow(...each))];
}

function head() {
  const names = [t("row"), t("layer"), t("output"), t("parameters"), t("MACs")];
  return el(
    "thead",
    "",
    {},
    el("tr", "", {}, ...names.map((name) => el("th", "", { scope: "col" }, name))),
  );
}

/** What a sentence calls a row. */
const nameOf = ({ name, kind }) => (name && !/^\d+$/.test(name) ? `${name} (${kind})` : kind);

/** A row's line of code, behind its name in the network; a join names the rows it reads. */
function lineOfRow(module) {
  const line = isJoin(module)
    ? `${module.kind}(${(module.from ?? []).map((row) => t("row {row}", { row: row + 1 })).join(", ")})`
    : codeOf(module).replace("torch.nn.", "");
  const code = el("code", "", {}, line);
  return module.name
    ? [el("span", "cv-quiet", { "data-code": true }, `${module.name} `), code]
    : [code];
}

function tableRow({ module, output, parameters, macs, refusal }, index) {
  const cells = [
    refusal ? "✗" : shapeText(output),
    parameters ? count(parameters) : "",
    macs ? count(macs) : "",
  ];
  return el(
    "tr",
    "",
    { "data-broken": refusal !== undefined },
    el("th", "", { scope: "row" }, String(index + 1)),
    el("td", "", {}, ...lineOfRow(module)),
    ...cells.map((text) => el("td", "", {}, text)),
  );
}
