/** An expression as the text of a name: `cfg["in"]`, `hidden[i + 1]`. */

const MOST = 120;

/**
 * @param {import("./expressions.js").Node} node
 * @param {(name: string) => string | undefined} known the text of a name's value, where it has one:
 *   a loop's variable stands for its number
 */
export function written(node, known = () => undefined) {
  const text = write(node, known, 0);
  return text.length > MOST ? `${text.slice(0, MOST)}...` : text;
}

function write(node, known, depth) {
  if (node === null || depth > 12) return "...";
  const part = (child) => write(child, known, depth + 1);
  switch (node.type) {
    case "name":
      return known(node.name) ?? node.name;
    case "constant":
      return constant(node.value);
    case "attribute":
      return `${part(node.object)}.${node.name}`;
    case "item":
      return `${part(node.object)}[${part(node.key)}]`;
    case "binary":
      return `${part(node.left)} ${node.sign} ${part(node.right)}`;
    case "unary":
      return `${node.sign}${part(node.value)}`;
    case "tuple":
      return `(${node.items.map(part).join(", ")}${node.items.length === 1 ? "," : ""})`;
    case "list":
      return `[${node.items.map(part).join(", ")}]`;
    case "slice":
      return node.parts
        .slice(0, node.parts[2] ? 3 : 2)
        .map((child) => (child ? part(child) : ""))
        .join(":");
    case "star":
      return `*${part(node.value)}`;
    case "call":
      return `${part(node.callee)}(${[
        ...node.args.map(part),
        ...node.keywords.map(({ name, value }) => (name ? `${name}=` : "**") + part(value)),
      ].join(", ")})`;
  }
  return "...";
}

function constant(value) {
  if (typeof value === "string") return `"${value}"`;
  if (value === null) return "None";
  if (typeof value === "object") return String(value.value);
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}
