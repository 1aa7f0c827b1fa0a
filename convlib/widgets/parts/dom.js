/** Small helpers to build a widget's elements. Text goes in as text nodes, never as markup. */

/**
 * An element with a class, attributes and children (elements or strings).
 *
 * @param {string} tag
 * @param {string} className
 * @param {Record<string, string | number | boolean>} attributes  `true` writes an empty attribute,
 *   `false` none.
 * @param {...(Node | string)} children
 */
export function el(tag, className, attributes = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

/** The same for a drawing: an SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

/** A text in the colour of the input, the kernel or the output. */
export const inked = (kind, text) => el("span", `cv-${kind}-ink`, {}, String(text));

/**
 * A widget's outermost element. The keys pressed in it are its own: JupyterLab would take arrow keys
 * from a slider, and letters from a list, for commands on cells. With Ctrl they go on to it.
 */
export function createRoot(className, label, signal, ...children) {
  const root = el(
    "div",
    `convlib ${className}`,
    { role: "group", "aria-label": label },
    ...children,
  );
  root.addEventListener(
    "keydown",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    },
    { signal },
  );
  return root;
}

/** A place for what a screen reader is to say; nobody sees it. */
export const createVoice = () => el("div", "cv-offscreen", { "aria-live": "polite" });

/** Write an attribute only if it differs: an unchanged cell costs no layout. */
export function setAttribute(element, name, value) {
  if (value === false || value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value === true ? "" : value)) {
    element.setAttribute(name, value === true ? "" : value);
  }
}

/** Write an element's text only if it differs: an unchanged live region stays silent. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Note on an element what it shows. False if it showed just that: then nothing is to be drawn. */
export function isNews(element, ...what) {
  const shows = JSON.stringify(what);
  if (element.dataset.shows === shows) return false;
  element.dataset.shows = shows;
  return true;
}

/**
 * Move the tab stop and the focus here. To be done before the picture changes: the focus makes the
 * browser lay out the page at once, and so does another `tabindex` of what has the focus.
 */
export function takeFocus(element) {
  setAttribute(element, "tabindex", "0");
  element.focus();
}

/** Call `task` after `milliseconds`, unless `signal` is aborted first. Returns a canceller. */
export function later(task, milliseconds, signal) {
  const cancel = () => clearTimeout(timer);
  const timer = setTimeout(() => {
    signal.removeEventListener("abort", cancel);
    task();
  }, milliseconds);
  signal.addEventListener("abort", cancel, { once: true });
  return () => {
    cancel();
    signal.removeEventListener("abort", cancel);
  };
}
