/** StackLedger's table: a record for each row, or for rows that are folded together. */
import { withCommas } from "../math/text.js";
import { english, plural, t } from "../math/words.js";
import { createButton } from "../parts/controls.js";
import { el, setAttribute, setText, takeFocus } from "../parts/dom.js";
import { brief, bytes, fieldTexts, shapeText } from "./words.js";

const COLUMNS = [
  english("layer"),
  english("output"),
  english("weight"),
  english("parameters"),
  english("MACs"),
  english("memory"),
];
const MORE = [
  english("field"),
  english("jump"),
  english("start"),
  english("corner"),
  english("coverage"),
];
const BARS = { parameters: "parameters", MACs: "macs", memory: "memory" };

/**
 * @param {object} options
 * @param {(row: number) => void} options.onPick
 * @param {(first: number) => void} options.onOpen  Show the blocks that are folded.
 * @param {AbortSignal} options.signal
 */
export function createTable({ onPick, onOpen, signal }) {
  const body = el("div", "cv-body", { role: "rowgroup" });
  const heads = [...COLUMNS, ...MORE].map((name) =>
    el("div", "", { role: "columnheader", "data-more": MORE.includes(name) }, t(name)),
  );
  const head = el("div", "cv-record cv-record-head", { role: "row" }, ...heads);
  const element = el(
    "div",
    "cv-table",
    { role: "grid", "aria-label": t("Layers") },
    el("div", "", { role: "rowgroup" }, head),
    body,
  );
  let records = [];
  let picked = 0;

  const rowAt = (record) => record.row ?? record.first;
  const act = (record) => ("repeats" in record ? onOpen(record.first) : onPick(record.row));

  body.addEventListener(
    "click",
    (event) => {
      const index = [...body.children].indexOf(event.target.closest(".cv-record"));
      if (index >= 0) act(records[index]);
    },
    { signal },
  );
  body.addEventListener("keydown", onKey, { signal });

  function onKey(event) {
    const last = records.length - 1;
    const now = [...body.children].indexOf(event.target.closest(".cv-record"));
    const next = { ArrowUp: now - 1, ArrowDown: now + 1, Home: 0, End: last }[event.key];
    const isPress = event.key === "Enter" || event.key === " ";
    if ((next === undefined && !isPress) || event.altKey || event.metaKey) return;
    event.preventDefault();
    const index = Math.min(Math.max(next ?? now, 0), last);
    takeFocus(body.children[index]);
    if (isPress || "row" in records[index]) act(records[index]);
  }

  return {
    element,
    show(view) {
      ({ records, picked } = view);
      setAttribute(element, "data-more", view.more);
      while (body.children.length > records.length) body.lastChild.remove();
      while (body.children.length < records.length) body.append(createRecord());
      const most = mostOf(view.rows);
      records.forEach((record, index) => {
        const isPicked = rowAt(record) === picked && "row" in record;
        showRecord(body.children[index], record, { ...view, most, isPicked });
      });
    },
  };
}

/** The largest number of each column that has bars. */
function mostOf(rows) {
  const largest = (name) => Math.max(1, ...rows.map((row) => row[name]));
  return Object.fromEntries(Object.values(BARS).map((name) => [name, largest(name)]));
}

function createRecord() {
  const cell = (name) =>
    el("div", "", { role: "gridcell", "data-label": t(name), "data-more": MORE.includes(name) });
  const record = el("div", "cv-record", { role: "row" }, ...[...COLUMNS, ...MORE].map(cell));
  record.firstChild.append(
    el("span"),
    el("span", "cv-layer", { "data-code": true }),
    el("span", "cv-quiet cv-brief"),
    el("span", "cv-quiet cv-tails", { "data-code": true }),
  );
  return record;
}

/** Rows are kept, so that the focus and a screen reader's place survive a repaint. */
function showRecord(element, record, view) {
  const { rows, layers, most, more, isPicked } = view;
  const isRepeat = "repeats" in record;
  const row = isRepeat ? null : rows[record.row];
  setAttribute(element, "aria-selected", String(isPicked));
  setAttribute(element, "tabindex", isPicked || isRepeat ? "0" : "-1");
  setAttribute(element, "data-broken", Boolean(row?.refusal));
  setAttribute(element, "data-repeat", isRepeat);
  setAttribute(element, "data-missed", !isRepeat && !row);
  const names = isRepeat ? repeatNames(record) : rowNames(record, layers);
  names.forEach((text, part) => setText(element.firstChild.children[part], text));
  const texts = isRepeat ? repeatTexts(record, rows) : rowTexts(row);
  const fields = more && row?.output ? fieldTexts(rows, record.row) : MORE.map(() => "");
  [...texts, ...fields].forEach((text, column) => setText(element.children[column + 1], text));
  for (const [name, key] of Object.entries(BARS)) {
    const cell = element.children[COLUMNS.indexOf(name)];
    cell.style.setProperty("--share", (row?.[key] ?? 0) / most[key]);
  }
}

function rowNames({ row, tails }, layers) {
  const layer = layers[row];
  const quiet = tails.map((each) => layers[each].kind);
  return [
    String(row),
    layer.text ?? layer.kind,
    brief(layer, row),
    quiet.length ? `+ ${quiet.join(", ")}` : "",
  ];
}

function repeatNames({ first, last, repeats }) {
  const more = plural("the same once more", "the same {count} times more", repeats);
  return [`${first}–${last}`, `× ${repeats + 1}`, more, ""];
}

function rowTexts(row) {
  if (!row) return ["", "", "", "", ""];
  if (row.refusal) return [t("breaks"), "", "", "", ""];
  const weight = row.weight ? row.weight.join(" × ") : "–";
  return [
    shapeText(row.output),
    weight,
    withCommas(row.parameters),
    withCommas(row.macs),
    bytes(row.memory),
  ];
}

function repeatTexts({ first, last }, rows) {
  const hidden = rows.slice(first, last + 1);
  const sum = (name) => hidden.reduce((all, row) => all + row[name], 0);
  return ["", "", withCommas(sum("parameters")), withCommas(sum("macs")), bytes(sum("memory"))];
}

/** The buttons above the table: which columns, and which rows. */
export function createTableOptions({ onMore, onFold, signal }) {
  const more = createButton({ label: t("more columns"), onClick: onMore, signal });
  const fold = createButton({ label: t("every row"), onClick: onFold, signal });
  return {
    element: el("div", "cv-options", { role: "group", "aria-label": t("Table") }, more, fold),
    show(view) {
      setAttribute(more, "aria-pressed", String(view.more));
      setAttribute(fold, "aria-pressed", String(!view.folded));
    },
  };
}
