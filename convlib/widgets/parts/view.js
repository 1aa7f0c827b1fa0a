/** What a widget's module exports by default, so that anywidget's hosts can show it. */
import { createFullScreen } from "./full_screen.js";

/**
 * @param {(model: object, signal: AbortSignal) => Element} draw  Makes one view of a model; the
 *   signal ends its listeners and timers.
 */
export function widget(draw) {
  return {
    render({ model, el, signal: hostSignal }) {
      const scope = new AbortController();
      const root = draw(model, scope.signal);
      const foot = createFullScreen(el, scope.signal);
      el.append(root, foot);

      function cleanup() {
        scope.abort();
        root.remove();
        foot.remove();
      }

      hostSignal?.addEventListener("abort", cleanup, { once: true, signal: scope.signal });
      return cleanup;
    },
  };
}
