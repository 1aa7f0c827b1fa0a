/** The language of the page, and the words of it that a kernel sends. */
import { setWords, spokenLanguage } from "../math/words.js";

/**
 * Ask the kernel for the words of the page's language, or of the one that Python asks for. A page
 * without a kernel has them already.
 *
 * @param {object} model
 * @param {() => void} onWords  Runs when they have come.
 * @param {AbortSignal} signal
 */
export function askForWords(model, onWords, signal) {
  const language = model.get("_language") || document.documentElement.lang || "en";
  if (!model.send || language === spokenLanguage()) return;
  const listen = ({ words }) => {
    if (!words) return;
    setWords(language, words);
    onWords();
  };
  model.on("msg:custom", listen);
  signal.addEventListener("abort", () => model.off("msg:custom", listen));
  model.send({ language });
}
