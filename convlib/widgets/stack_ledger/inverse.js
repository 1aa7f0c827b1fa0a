/** StackLedger backwards: the images that the network takes. Worked out when it is asked for. */
import { marginOf, sizesOf } from "../math/inverse.js";
import { isSame } from "../math/lists.js";
import { listed, sentences } from "../math/text.js";
import { t } from "../math/words.js";
import { createButton } from "../parts/controls.js";
import { el, setText } from "../parts/dom.js";
import { both } from "./words.js";

const MOST = 256;

export function createInverse({ signal }) {
  const text = el("p", "", { "aria-live": "polite" });
  const label = t("Which images does it take?");
  const ask = createButton({ label, onClick: answer, signal });
  let network = null;
  let isOpen = false;

  function answer() {
    isOpen = true;
    setText(
      text,
      sentences([...sizesTexts(sizesOf(network, MOST)), marginText(marginOf(network))]),
    );
  }

  return {
    element: el("div", "cv-inverse", { "data-operated": true }, ask, text),
    /** An answer to an older network is taken away. */
    show({ in_channels, layers, input_size, batch }) {
      const next = { in_channels, layers, input_size, batch };
      if (isSame(next, network)) return;
      network = next;
      if (isOpen) setText(text, "");
      isOpen = false;
    },
  };
}

function sizesTexts({ smallest, rule, sizes }) {
  if (smallest === null)
    return [t("It takes no square image up to {most} × {most}.", { most: MOST })];
  const first = t("The smallest square image is {size} × {size}.", { size: smallest });
  return [first, othersText(rule, sizes)];
}

/** Which sizes it takes beside the smallest one. */
function othersText(rule, sizes) {
  if (sizes.length === 1) return t("It takes no other up to {most}.", { most: MOST });
  if (!rule) {
    return t("Up to {most} it takes {count} sizes: {sizes}.", {
      most: MOST,
      count: sizes.length,
      sizes: sizes.length > 12 ? `${listed(sizes.slice(0, 12))} ...` : listed(sizes),
    });
  }
  const { step, rest } = rule;
  if (step === 1) return t("Every larger one fits as well.");
  return rest
    ? t("It takes sizes that leave {rest} when divided by {step}, and no others.", { rest, step })
    : t("It takes sizes divisible by {step}, and no others.", { step });
}

function marginText(margin) {
  if (!margin) return "";
  return t("Cut into tiles, a large image needs {margin} pixels more on every side of a tile.", {
    margin: both(margin),
  });
}
