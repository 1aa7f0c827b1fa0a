/**
 * A host for AFM widget modules (anywidget.dev/en/afm) in a page without a kernel. Each module's
 * script calls `host.start`; the host then lets it draw into the elements that hold its places,
 * from the state that the page carries. A classic script, so that it also works from a file.
 */
const host = (() => {
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
    Object.entries(JSON.parse(page.textContent).state).map(([name, { state }]) => [
      name,
      new Model(state),
    ]),
  );

  return {
    /** @param {string} module a module's name @param {object} widget its default export */
    start(module, widget) {
      for (const el of document.querySelectorAll(`.widget-view[data-module="${module}"]`)) {
        el.replaceChildren();
        widget.render({ model: models.get(el.dataset.model), el });
      }
    },
  };
})();
