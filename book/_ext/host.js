/**
 * A host for AFM widget modules (anywidget.dev/en/afm) in a page without a kernel. It lets each
 * widget draw into its place, from the state that the page carries. The build joins this file and
 * the widgets' modules into one classic script, so that it also works in a page opened from a file.
 */
/** The part of a Jupyter widget's model that AFM modules use, kept in the page alone. */
class Model {
  #state;
  #listeners = new Map();

  /** @param {Record<string, unknown>} state the traits and their values */
  constructor(state) {
    this.#state = { ...state };
  }

  get(name) {
    return this.#state[name];
  }

  set(name, value) {
    if (this.#state[name] === value) return;
    this.#state[name] = value;
    this.#emit(`change:${name}`);
    this.#emit("change");
  }

  /** Nothing to save to: there is no kernel. */
  save_changes() {}

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
  }

  off(event, listener) {
    if (listener) this.#listeners.get(event)?.delete(listener);
    else if (event) this.#listeners.delete(event);
    else this.#listeners.clear();
  }

  #emit(event) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener();
  }
}

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
  const near = new IntersectionObserver((entries) => {
    for (const { target: el, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(el);
      el.replaceChildren(); // the still picture that the build drew
      widgets[el.dataset.module].render({ model: models.get(el.dataset.model), el });
    }
  }, { rootMargin: "100%" });
  for (const el of document.querySelectorAll(".widget-view")) {
    if (el.dataset.module in widgets) near.observe(el);
  }
}
