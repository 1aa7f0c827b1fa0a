/** DigitNet's ten scores: a bar each, one of which can be picked. */
import { SHAPES, step } from "../math/digit_net.js";
import { truthOf } from "../math/digit_story.js";
import { range } from "../math/lists.js";
import { sign, speak } from "../math/text.js";
import { t } from "../math/words.js";
import { el, setAttribute, setText, takeFocus } from "../parts/dom.js";

const LAYER = "linear";

/** @param {(picked: [string, number, number, number]) => void} onPick */
export function createBars(onPick, signal) {
  const bars = range(SHAPES[LAYER][0]).map(createBar);
  const parts = bars.map((bar) => bar.element);
  const list = el("div", "cv-bars", { role: "listbox", "aria-label": t("Ten scores") }, ...parts);
  const read = el("strong", "cv-answer");
  const truth = el("span", "");
  const name = el("figcaption", "cv-layer-name", {}, read, truth);
  const element = el("figure", "cv-scores", {}, name, list);
  list.addEventListener("click", point, { signal });
  list.addEventListener("keydown", press, { signal });

  function point(event) {
    const at = parts.indexOf(event.target.closest(".cv-bar"));
    if (at >= 0) onPick([LAYER, at, 0, 0]);
  }

  function press(event) {
    const at = parts.indexOf(event.target);
    if (at < 0 || event.altKey || event.metaKey) return;
    const here = [LAYER, at, 0, 0];
    const next = event.key === "Enter" || event.key === " " ? here : step(here, event.key);
    if (!next) return;
    event.preventDefault();
    for (const part of parts) setAttribute(part, "tabindex", "-1");
    takeFocus(parts[next[1]]);
    onPick(next);
  }

  return {
    element,

    /** @param {object} reading  That of `readDigit`. @param {number | null} label */
    show({ scores, digit }, label, picked) {
      setText(read, t("reads {digit}", { digit }));
      setText(truth, truthOf(label, digit));
      setAttribute(element, "data-wrong", label !== null && label !== digit);
      const ends = [Math.min(0, ...scores), Math.max(0, ...scores)];
      const stop = picked[0] === LAYER ? picked[1] : digit;
      scores.forEach((score, index) => {
        const isPicked = picked[0] === LAYER && picked[1] === index;
        bars[index].show({
          score,
          ends,
          isPicked,
          isBest: index === digit,
          isStop: index === stop,
        });
      });
    },
  };
}

function createBar(digit) {
  const number = el("span", "cv-bar-number");
  const track = el("span", "cv-bar-track", {}, el("span", "cv-bar-length"));
  const name = el("span", "cv-bar-digit", {}, String(digit));
  const element = el("div", "cv-bar", { role: "option" }, name, track, number);
  return {
    element,
    show({ score, ends: [low, high], isPicked, isBest, isStop }) {
      const width = high - low || 1;
      const share = (value) => `${((100 * (value - low)) / width).toFixed(1)}%`;
      track.style.setProperty("--zero", share(0));
      track.style.setProperty("--from", share(Math.min(0, score)));
      track.style.setProperty("--to", share(Math.max(0, score)));
      setText(number, sign(score));
      setAttribute(element, "data-best", isBest);
      setAttribute(element, "aria-selected", String(isPicked));
      setAttribute(element, "tabindex", isStop ? "0" : "-1");
      const facts = { digit, score: speak(score) };
      const label = isBest
        ? t("{digit}: score {score}, the highest", facts)
        : t("{digit}: score {score}", facts);
      setAttribute(element, "aria-label", label);
    },
  };
}
