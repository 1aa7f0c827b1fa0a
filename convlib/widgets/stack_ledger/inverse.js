/** StackLedger backwards: the images that the network takes. Worked out when it is asked for. */
import { marginOf, sizesOf } from "../math/inverse.js";
import { createButton } from "../parts/controls.js";
import { el, setText } from "../parts/dom.js";
import { both } from "./words.js";

const MOST = 256;

export function createInverse({ signal }) {
  const text = el("p", "", { "aria-live": "polite" });
  const ask = createButton({ label: "Which images does it take?", onClick: answer, signal });
  let network = null;
  let isOpen = false;

  function answer() {
    isOpen = true;
    setText(text, `${sizesText(sizesOf(network, MOST))} ${marginText(marginOf(network))}`);
  }

  return {
    element: el("div", "cv-inverse", { "data-operated": true }, ask, text),
    /** An answer to an older network is taken away. */
    show({ in_channels, layers, input_size, batch }) {
      const next = { in_channels, layers, input_size, batch };
      if (JSON.stringify(next) === JSON.stringify(network)) return;
      network = next;
      if (isOpen) setText(text, "");
      isOpen = false;
    },
  };
}

function sizesText({ smallest, rule, sizes }) {
  if (smallest === null) return `It takes no square image up to ${MOST} × ${MOST}.`;
  const first = `The smallest square image is ${smallest} × ${smallest}.`;
  if (sizes.length === 1) return `${first} It takes no other up to ${MOST}.`;
  if (!rule) return `${first} Up to ${MOST} it takes ${sizes.length} sizes: ${listed(sizes)}.`;
  if (rule.step === 1) return `${first} Every larger one fits as well.`;
  const rest = rule.rest ? ` that leave ${rule.rest} when divided by ${rule.step}` : "";
  return `${first} It takes sizes ${rest || `divisible by ${rule.step}`}, and no others.`;
}

const listed = (sizes) =>
  sizes.length > 12 ? `${sizes.slice(0, 12).join(", ")} ...` : sizes.join(", ");

function marginText(margin) {
  if (!margin) return "";
  return `Cut into tiles, a large image needs ${both(margin)} pixels more on every side of a tile.`;
}
