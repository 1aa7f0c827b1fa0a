/**
 * As much of a page as the widgets' modules need to draw themselves when the book is built, and
 * the HTML of what they drew: a still picture for a page without JavaScript. Nobody clicks and
 * nothing has the focus here, so events, the focus and timers are left out.
 */

/** What a role becomes where no key moves anything. */
const STILL_ROLES = { grid: "table", gridcell: "cell", listbox: "list", option: "listitem" };

/** The parts of a grid of numbers: hundreds on a page, so they keep their text and marks alone. */
const PLAIN = ["cv-cell", "cv-header", "cv-row"];

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** A plain word needs no quotes, and a page holds thousands of them. */
const quote = (value) => (/^[\w.-]+$/.test(value) ? value : `"${escaped(value)}"`);

class Node {}

class Text extends Node {
  constructor(text) {
    super();
    this.textContent = text;
  }

  write() {
    return escaped(this.textContent);
  }
}

class Element extends Node {
  #attributes = new Map();
  #styles = new Map();
  #children = [];
  #parent = null;

  constructor(tag) {
    super();
    this.tag = tag;
  }

  // ------------------------------------------------------------------------------ attributes

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name, value) {
    this.#attributes.set(name, String(value));
  }

  removeAttribute(name) {
    this.#attributes.delete(name);
  }

  addEventListener() {}

  get classes() {
    return (this.getAttribute("class") ?? "").split(" ");
  }

  get classList() {
    return { add: (name) => this.setAttribute("class", [...this.classes, name].join(" ")) };
  }

  get dataset() {
    return new Proxy(this, {
      get: (_, name) => this.getAttribute(`data-${name}`) ?? undefined,
      set: (_, name, value) => {
        this.setAttribute(`data-${name}`, value);
        return true;
      },
    });
  }

  get style() {
    const styles = this.#styles;
    return {
      setProperty: (name, value) => styles.set(name, value),
      set gridArea(value) {
        styles.set("grid-area", value);
      },
    };
  }

  get value() {
    if (this.tag === "textarea") return this.textContent;
    return this.getAttribute("value") ?? "";
  }

  set value(value) {
    if (this.tag === "textarea") this.textContent = value;
    else if (this.tag !== "select") this.setAttribute("value", value);
    else for (const option of this.#children) reflect(option, "selected", option.value === value);
  }

  // ------------------------------------------------------------------------------ children

  get children() {
    return this.#children.filter((child) => child instanceof Element);
  }

  get firstChild() {
    return this.#children[0] ?? null;
  }

  get lastChild() {
    return this.#children.at(-1) ?? null;
  }

  get textContent() {
    return this.#children.map((child) => child.textContent).join("");
  }

  set textContent(text) {
    this.replaceChildren(...(text ? [text] : []));
  }

  append(...children) {
    for (const child of children) {
      if (child instanceof Element) {
        child.remove();
        child.#parent = this;
      }
      this.#children.push(child instanceof Node ? child : new Text(String(child)));
    }
  }

  replaceChildren(...children) {
    this.#children = [];
    this.append(...children);
  }

  remove() {
    if (!this.#parent) return;
    this.#parent.#children = this.#parent.#children.filter((child) => child !== this);
    this.#parent = null;
  }

  contains() {
    return false; // asked of the focus alone
  }

  /** By tags and classes, `li .cv-button`. */
  querySelectorAll(selector) {
    const [first, ...rest] = selector.split(" ");
    const found = this.children.flatMap((child) => [
      ...(child.tag === first || child.classes.includes(first.slice(1)) ? [child] : []),
      ...child.querySelectorAll(first),
    ]);
    return rest.length ? found.flatMap((each) => each.querySelectorAll(rest.join(" "))) : found;
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  // ------------------------------------------------------------------------------ as HTML

  write() {
    const styles = [...this.#styles].map(([name, value]) => `${name}:${value}`);
    if (styles.length) this.setAttribute("style", styles.join(";"));
    this.#stand();
    const attributes = [...this.#attributes]
      .map(([name, value]) => ` ${name}${value === "" ? "" : `=${quote(value)}`}`)
      .join("");
    if (this.tag === "input") return `<input${attributes}>`;
    return `<${this.tag}${attributes}>${this.written()}</${this.tag}>`;
  }

  written() {
    return this.#children.map((child) => child.write()).join("");
  }

  /** Take away what promises that something would move. */
  #stand() {
    this.removeAttribute("data-shows"); // the modules' note of what is drawn
    if (this.classes.includes("cv-grid")) this.setAttribute("role", "group");
    if (this.classes.some((name) => PLAIN.includes(name))) {
      for (const name of ["role", "tabindex", "aria-label", "aria-selected"]) {
        this.removeAttribute(name);
      }
      if (this.classes.includes("cv-row") && this.getAttribute("data-outside") !== null) {
        this.replaceChildren(); // its height is all that is seen
        this.setAttribute("style", "height:var(--cell)");
      }
      return;
    }
    if (this.getAttribute("data-operated") !== null) {
      this.removeAttribute("data-operated");
      this.setAttribute("inert", ""); // without JavaScript it is hidden
    } else if (["button", "input"].includes(this.tag)) {
      this.setAttribute("disabled", ""); // says something too
    }

    const [role, selected] = ["role", "aria-selected"].map((name) => this.getAttribute(name));
    if (selected === null && !(role in STILL_ROLES)) return;
    this.setAttribute("role", STILL_ROLES[role] ?? role);
    for (const name of ["aria-selected", "tabindex"]) this.removeAttribute(name);
    if (selected === "true") this.setAttribute("aria-current", "true");
  }
}

function reflect(element, name, isSet) {
  if (isSet) element.setAttribute(name, "");
  else element.removeAttribute(name);
}

for (const property of ["checked", "disabled", "hidden", "open", "readOnly"]) {
  const name = property.toLowerCase();
  Object.defineProperty(Element.prototype, property, {
    get() {
      return this.getAttribute(name) !== null;
    },
    set(isSet) {
      reflect(this, name, isSet);
    },
  });
}
Object.defineProperty(Element.prototype, "className", {
  set(names) {
    this.setAttribute("class", names);
  },
});

class AbortController {
  signal = { addEventListener() {} };
}

/** Here everything is on the screen. */
class IntersectionObserver {
  constructor(tell) {
    this.observe = (target) => tell([{ target, isIntersecting: true }]);
  }

  unobserve() {}
}

// ---------------------------------------------------------------------------------- the page

const location = { hash: "", href: "", pathname: "/book/page.html" };
const addEventListener = () => {};
const document = {
  activeElement: null,
  documentElement: { lang: "en" },
  createElement: (tag) => new Element(tag),
  createElementNS: (_, tag) => new Element(tag),
  querySelector: () => ({ textContent: stateOfPage }),
  querySelectorAll: () => views,
};
let stateOfPage = "";
let views = [];

/** Lay out a page: its state as JSON, each place as { module, model }, and its language. */
function lay(state, places, language) {
  stateOfPage = state;
  document.documentElement.lang = language;
  views = places.map((place) => {
    const view = new Element("div");
    Object.assign(view.dataset, place);
    return view;
  });
}

/** The HTML of each place. */
function written() {
  return views.map((view) => view.written());
}
