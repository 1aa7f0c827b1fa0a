/**
 * A host for AFM widget modules (anywidget.dev/en/afm) in a page without a kernel. It lets each
 * widget draw into its place, from the state that the page carries, and makes links to what a
 * reader sees. The build joins this file and the widgets' modules into one classic script, so that
 * it also works in a page opened from a file.
 */
import {
  changed,
  fromFragment,
  partsOf,
  toFragment,
  whole,
  whyNot,
} from "../../convlib/widgets/math/links.js";
import { setWords, t } from "../../convlib/widgets/math/words.js";
import { createCopyButton } from "../../convlib/widgets/parts/controls.js";
import { el as element } from "../../convlib/widgets/parts/dom.js";
import { Model } from "./model.js";

const page = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
const { state, same = {} } = JSON.parse(page.textContent);
for (const [name, traits] of Object.entries(same)) {
  for (const [trait, owner] of Object.entries(traits)) state[name][trait] = state[owner][trait];
}
const models = new Map(Object.entries(state).map(([name, traits]) => [name, new Model(traits)]));
const forever = new AbortController().signal; // a page's widgets live as long as it does

/**
 * Start each widget when it comes near the screen; until then its still picture stands for it, and
 * the page need not draw what nobody sees.
 *
 * @param {Record<string, object>} widgets  The default exports of modules, by their names.
 * @param {Record<string, string>} words  Their words in the language of the page.
 * @param {Record<string, Record<string, string>>} moved  Settings that went to other widgets, which
 *   old links still have: see `partsOf`.
 */
export function start(widgets, words, moved) {
  setWords(document.documentElement.lang, words);
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target: el, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(el);
        show(el, widgets[el.dataset.module]);
      }
    },
    { rootMargin: "100%" },
  );
  const views = [...document.querySelectorAll(".widget-view")].filter(
    (el) => el.dataset.module in widgets,
  );
  const linked = followLink(views, moved);
  // Before that, the browser takes the page back to where it was.
  addEventListener("load", () => scrollTo(linked));
  addEventListener("hashchange", () => scrollTo(followLink(views, moved)));
  for (const el of views) near.observe(el);
}

/** Draw a widget in the place of its still picture, with a button for a link to it. */
function show(el, widget) {
  el.replaceChildren(); // the still picture that the build drew
  render(el, widget);
  const copy = createCopyButton({
    label: t("Copy link"),
    read: () => linkTo(el.dataset),
    signal: forever,
  });
  copy.className = "cv-foot-button widget-link";
  el.querySelector(".cv-foot").append(copy);
}

/** A link may still ask for what the widget cannot draw, or refuses: then it starts as usual. */
function render(el, widget) {
  const name = el.dataset.model;
  try {
    widget.render({ model: models.get(name), el });
    const refusal = el.querySelector(".cv-status[data-refused]");
    if (refusal) throw new Error(refusal.firstChild.textContent);
  } catch (error) {
    if (Object.keys(settingsOf(name)).length === 0) throw error;
    note(el, error.message.replace(/\.$/, ""));
    models.set(name, new Model(state[name]));
    el.replaceChildren();
    widget.render({ model: models.get(name), el });
  }
}

/** What a reader has changed. */
const settingsOf = (name) => changed(state[name], (trait) => models.get(name).get(trait));

function linkTo({ module, model }) {
  return `${location.href.split("#")[0]}#${toFragment(module, settingsOf(model))}`;
}

const scrollTo = (el) => el?.scrollIntoView({ behavior: "instant" });

/** Set the widgets that the page's address names as it asks; return the place of the last. */
function followLink(views, moved) {
  const link = fromFragment(location.hash);
  if (!link) return null;
  const placeOf = (name) => views.find((view) => view.dataset.module === name);
  const parts = partsOf(link, moved, (name) => state[placeOf(name)?.dataset.model]);
  return parts.map(({ name, settings }) => take(placeOf(name), settings)).at(-1);
}

/** Give a widget the settings of a link, or say why not; return its place. */
function take(el, settings) {
  const why = whyNot(state[el.dataset.model], settings);
  if (why) note(el, why);
  else {
    const model = models.get(el.dataset.model);
    const all = whole(state[el.dataset.model], settings);
    for (const [name, value] of Object.entries(all)) model.set(name, value);
  }
  return el;
}

/** Say above a widget why a link was not followed. */
function note(el, why) {
  const words = t("The link does not fit: {why}. The picture starts as usual.", { why });
  el.before(element("p", "widget-note", { role: "status" }, words));
}
