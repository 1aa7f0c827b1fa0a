/** A column of channels, drawn as nodes, one of which can be picked: arrow keys, Home, End walk it. */
import { range } from "../math/lists.js";
import { clauses } from "../math/text.js";
import { t } from "../math/words.js";
import { el, setAttribute, setText, takeFocus } from "./dom.js";

/**
 * @param {object} options
 * @param {(kind: string, channel: number) => void} options.onPick
 * @param {AbortSignal} options.signal
 */
export function createColumn({ onPick, signal }) {
  const list = el("div", "", { role: "listbox" });
  const name = el("div", "cv-column-name", { "aria-hidden": "true" });
  const element = el("div", "cv-column", {}, name, list);
  let nodes = [];
  let kind = "";
  let channels = []; // which one stands at each place

  list.addEventListener(
    "click",
    (event) => {
      const at = nodes.indexOf(event.target.closest(".cv-node"));
      if (at >= 0) onPick(kind, channels[at]);
    },
    { signal },
  );
  list.addEventListener("keydown", walk, { signal });

  function walk(event) {
    const now = nodes.indexOf(event.target);
    const next = {
      ArrowUp: now - 1,
      ArrowLeft: now - 1,
      ArrowDown: now + 1,
      ArrowRight: now + 1,
      Home: 0,
      End: nodes.length - 1,
      Enter: now,
      " ": now,
    }[event.key];
    if (now < 0 || next === undefined || event.altKey || event.metaKey) return;
    event.preventDefault();
    const at = Math.min(Math.max(next, 0), nodes.length - 1);
    takeFocus(nodes[at]);
    onPick(kind, channels[at]);
  }

  /** Nodes are made anew only if their number differs, so that the focus survives a repaint. */
  function resize(count) {
    if (nodes.length === count) return;
    const hadFocus = list.contains(document.activeElement);
    nodes = range(count).map(() => el("div", "cv-node", { role: "option" }));
    list.replaceChildren(...nodes);
    if (hadFocus) nodes[0].focus();
  }

  return {
    element,

    /**
     * @param {object} look
     * @param {"input" | "hidden" | "output"} look.kind
     * @param {string} look.title
     * @param {number[]} look.channels  From top to bottom.
     * @param {(at: number) => number} look.groupAt  The group of a place.
     * @param {number[]} look.heights  Of each place, in rows.
     * @param {Set<number>} look.lit  The places that are connected with what is picked.
     * @param {number | null} look.picked  A channel.
     */
    show(look) {
      const { title, groupAt, heights, lit, picked } = look;
      ({ kind, channels } = look);
      setText(name, title);
      setAttribute(list, "aria-label", t("{title} channels", { title }));
      setAttribute(element, "class", `cv-column cv-${kind}`);
      resize(channels.length);
      const active = picked === null ? 0 : channels.indexOf(picked);
      nodes.forEach((node, at) => {
        const isPicked = channels[at] === picked;
        const isLit = lit.has(at) && !isPicked;
        node.style.setProperty("--top", heights[at]);
        setAttribute(node, "data-marks", isPicked ? "picked" : isLit ? "lit" : "dim");
        setAttribute(node, "aria-selected", String(isPicked));
        setAttribute(node, "tabindex", at === active ? "0" : "-1");
        const name = t("{title} {channel}, group {group}", {
          title,
          channel: channels[at],
          group: groupAt(at),
        });
        setAttribute(node, "aria-label", clauses([name, isLit && t("connected")]));
        setText(node, String(channels[at]));
      });
    },
  };
}
