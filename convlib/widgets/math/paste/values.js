/** What Python's values are here: numbers, words, lists, and what is not known. */

/** A number with a point. An int is a plain JavaScript number. */
export class Float {
  constructor(value) {
    this.value = value;
  }
}

/** A tuple. A list is a plain JavaScript array. */
export class Tuple {
  constructor(items) {
    this.items = items;
  }
}

/** Something that the text uses and does not say: a name, an item, the answer of a call. */
export class Opaque {
  /**
   * @param {string} text as it is written: `cfg["in"]`
   * @param {object} node where
   * @param {boolean} ofTensor whether the input's shape would tell it
   */
  constructor(text, node, ofTensor = false) {
    this.text = text;
    this.node = node;
    this.ofTensor = ofTensor;
  }
}

/** A tensor on its way through `forward`: the row that made it, and its shape where known. */
export class Tensor {
  constructor(row, shape = null) {
    this.row = row;
    this.shape = shape;
  }
}

/** A part of PyTorch, by its full name: `torch.nn`, `torch.nn.Conv2d`. */
export class Name {
  constructor(path) {
    this.path = path;
  }
}

/** A function written in JavaScript: `call(args, keywords, node)`. */
export class Builtin {
  constructor(name, call) {
    this.name = name;
    this.call = call;
  }
}

/** A function of the pasted text. */
export class Definition {
  constructor(node, scope, owner = null) {
    this.node = node;
    this.scope = scope;
    this.owner = owner;
  }
}

/** A function that has its first argument: a method of an object. */
export class Bound {
  constructor(method, self) {
    this.method = method;
    this.self = self;
  }
}

/** A class of the pasted text. */
export class Class {
  constructor(name, bases, members, node) {
    Object.assign(this, { name, bases, members, node });
  }

  /** A member of the class or of those that it builds on, in Python's order. */
  find(name, seen = 0) {
    if (this.members.has(name)) return this.members.get(name);
    if (seen > 20) return undefined;
    for (const base of this.bases) {
      const found = base instanceof Class ? base.find(name, seen + 1) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The class of PyTorch under it: `torch.nn.Module`, or null. */
  root(seen = 0) {
    for (const base of this.bases) {
      if (base instanceof Name) return base.path;
      const path = base instanceof Class && seen < 20 ? base.root(seen + 1) : null;
      if (path) return path;
    }
    return null;
  }
}

/**
 * A module: a layer (`layer` holds its settings), a container, or an object of a class.
 * `children` are by name, in order.
 */
export class Module {
  constructor(kind, node) {
    this.kind = kind;
    this.node = node;
    this.layer = null;
    this.class = null;
    this.children = new Map();
    this.attributes = new Map();
  }
}

/** What Python would raise, or what this reader does not follow: with its place. */
export class Trouble extends Error {
  constructor(why, node) {
    super(why);
    this.node = node;
  }
}

/** The text asks for more work than any network: reading stops. */
export class Exhausted extends Trouble {}

export const isNumber = (value) => typeof value === "number" || value instanceof Float;

/** The JavaScript number of an int, a float or a truth value. */
export const numberOf = (value) => (value instanceof Float ? value.value : Number(value));

/** The items of a list or a tuple; undefined for anything else. */
export const itemsOf = (value) =>
  value instanceof Tuple ? value.items : Array.isArray(value) ? value : undefined;

/** `super()` in a method of a class of the text. */
export class Super {
  constructor(self, owner) {
    this.self = self;
    this.owner = owner;
    this.base = owner?.bases.find((each) => each instanceof Class);
  }
}
