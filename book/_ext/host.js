/**
 * A host for AFM widget modules (anywidget.dev/en/afm) in a page without a kernel. It lets each
 * widget draw into its place, from the state that the page carries. The build joins this file and
 * the widgets' modules into one classic script, so that it also works in a page opened from a file.
 */
import { Model } from "./model.js";

const page = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
const models = new Map(
  Object.entries(JSON.parse(page.textContent).state).map(([name, state]) => [
    name,
    new Model(state),
  ]),
);

/**
 * Start each widget when it comes near the screen; until then its still picture stands for it, and
 * the page need not draw what nobody sees.
 *
 * @param {Record<string, object>} widgets  The default exports of modules, by their names.
 */
export function start(widgets) {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target: el, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(el);
        el.replaceChildren(); // the still picture that the build drew
        widgets[el.dataset.module].render({ model: models.get(el.dataset.model), el });
      }
    },
    { rootMargin: "100%" },
  );
  for (const el of document.querySelectorAll(".widget-view")) {
    if (el.dataset.module in widgets) near.observe(el);
  }
}
