/** What a widget's module exports by default, so that anywidget's hosts can show it. */
import { createFullScreen } from "./full_screen.js";
import { askForWords } from "./language.js";

/**
 * @param {(model: object, signal: AbortSignal) => Element} draw  Makes one view of a model; the
 *   signal ends its listeners and timers.
 */
export function widget(draw) {
  return {
    render({ model, el, signal: hostSignal }) {
      const end = new AbortController();
      let takeAway = show(draw, model, el);
      askForWords(model, drawAgain, end.signal);

      function drawAgain() {
        takeAway();
        takeAway = show(draw, model, el);
      }

      function cleanup() {
        end.abort();
        takeAway();
      }

      hostSignal?.addEventListener("abort", cleanup, { once: true, signal: end.signal });
      return cleanup;
    },
  };
}

/** Draw a view; return what takes it away. */
function show(draw, model, el) {
  const scope = new AbortController();
  const root = draw(model, scope.signal);
  const foot = createFullScreen(el, scope.signal);
  el.append(root, foot);
  return () => {
    scope.abort();
    root.remove();
    foot.remove();
  };
}
