/**
 * The tests' side of host.html. The address names the widget's module: `/?widget=layer_explorer`.
 * `mount(traits)` puts one more of it on the page and returns its number in `mounted`;
 * `placeOf(cell)` gives the row and the column of a cell.
 */
import { Model } from "./model.js";

/** The model of the published book; the tests also see its traits, and who listens to it. */
class WatchedModel extends Model {
  saves = 0;
  listeners = [];
  #names;
  #coming = {};

  constructor(traits) {
    super(traits);
    this.#names = Object.keys(traits);
  }

  get traits() {
    return Object.fromEntries(this.#names.map((name) => [name, this.get(name)]));
  }

  get(name) {
    return name in this.#coming ? this.#coming[name] : super.get(name);
  }

  /** Change several traits as one message of a kernel does: all values stand before any news. */
  update(traits) {
    this.#coming = traits;
    for (const [name, value] of Object.entries(traits)) super.set(name, value);
    this.#coming = {};
  }

  save_changes() {
    super.save_changes();
    this.saves += 1;
  }

  on(event, listener) {
    super.on(event, listener);
    this.listeners.push([event, listener]);
  }

  off(event, listener) {
    super.off(event, listener);
    this.listeners = this.listeners.filter(
      ([name, other]) => (event && name !== event) || (listener && other !== listener),
    );
  }
}

const name = new URLSearchParams(location.search).get("widget") ?? "layer_explorer";
const { default: widget } = await import(`./${name}.js`);
const style = document.createElement("link");
const styled = new Promise((loaded) => style.addEventListener("load", loaded));
Object.assign(style, { rel: "stylesheet", href: `${name}.css` });
document.head.append(style);
await styled;

window.mounted = [];
window.mount = (traits, signal) => {
  const el = document.createElement("div");
  document.body.append(el);
  const model = new WatchedModel(traits);
  mounted.push({ el, model, cleanup: widget.render({ model, el, signal }) });
  return mounted.length - 1;
};
const order = (element) => [...element.parentNode.children].indexOf(element) - 1; // 0: headers
window.placeOf = (cell) => [order(cell.parentNode), order(cell)];
window.ready = true;
