/** The part of a Jupyter widget's model that AFM modules use, kept in the page alone. */
export class Model {
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
