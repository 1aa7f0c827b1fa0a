/**
 * The film: it explains each output product by product, or, when it is fast, goes from output to
 * output. Positions count steps of the one kind or the other, from 0.
 */
import { filmLength, lastStep, outputsOf, sceneAt, stepLabel } from "../math/film.js";
import { t } from "../math/words.js";
import { createCheck, createPlayer, createScrubber } from "../parts/controls.js";
import { el } from "../parts/dom.js";

const lengthOf = (layer, { fast }) => {
  const [height, width] = outputsOf(layer);
  return fast ? height * width : filmLength(layer);
};

const positionOf = (layer, { fast, step, output_cell: [row, column] }) => {
  if (fast) return row * outputsOf(layer)[1] + column;
  const position = step ?? lastStep(layer, [row, column]);
  return Math.max(0, Math.min(position, filmLength(layer) - 1));
};

/**
 * @param {object} acts
 * @param {(by: 1 | -1) => void} acts.onStep
 * @param {(position: number) => void} acts.onSeek
 * @param {() => void} acts.onStart
 * @param {() => void} acts.onStill
 * @param {() => void} acts.onStop
 * @param {(values: object) => void} write  Sets traits.
 * @param {AbortSignal} signal
 */
export function createFilm({ onStep, onSeek, onStart, onStill, onStop }, write, signal) {
  const player = createPlayer({
    step: onStep,
    onStart,
    onStill,
    onStop,
    onSpeed: (speed) => write({ speed }),
    signal,
  });
  const stopAnd = (act) => (value) => {
    player.stop();
    act(value);
  };
  const scrubber = createScrubber({ name: t("step"), onInput: stopAnd(onSeek), signal });
  const fast = createCheck({
    name: t("fast"),
    onInput: stopAnd((isFast) => write({ fast: isFast, step: null, input_cell: null })),
    signal,
  });
  fast.element.classList.add("cv-fast");
  player.element.append(fast.element);
  return {
    element: el("div", "cv-film", {}, scrubber.element, player.element),
    stop: player.stop,
    isPlaying: player.isPlaying,

    /** What the picture shows of the film; null if it shows all. */
    sceneOf(layer, traits) {
      if (traits.fast || traits.step === null || traits.input_cell) return null;
      return sceneAt(layer, positionOf(layer, traits));
    },

    /** The next position, or the one before; after the last one comes the first. */
    after(layer, traits, by) {
      const length = lengthOf(layer, traits);
      return (positionOf(layer, traits) + by + length) % length;
    },

    /** The traits with which the picture shows a position. */
    traitsAt(layer, { fast }, position) {
      if (!fast) {
        return { step: position, output_cell: sceneAt(layer, position).output, input_cell: null };
      }
      const width = outputsOf(layer)[1];
      const output_cell = [Math.floor(position / width), position % width];
      return { step: null, output_cell, input_cell: null };
    },

    show(layer, traits) {
      const [position, length] = [positionOf(layer, traits), lengthOf(layer, traits)];
      const label = traits.fast
        ? `output[${traits.output_cell.join(", ")}]`
        : stepLabel(sceneAt(layer, position));
      player.show(traits.speed);
      fast.show(Boolean(traits.fast));
      scrubber.show(position, length, label);
    },
  };
}
