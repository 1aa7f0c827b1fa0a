/**
 * The way of a tensor through layers: each call of a layer is a row, which knows the rows it reads.
 */

import { outputShape } from "../modules.js";
import { t } from "../words.js";
import { plain } from "./layers.js";
import { Opaque, Tensor, Trouble } from "./values.js";

const MOST_ROWS = 5000;

export class Graph {
  /** @param {number[] | null} input the shape that goes in, where it is known */
  constructor(input) {
    this.given = input;
    this.input = null;
    this.rows = [];
    this.modules = [];
  }

  /** The network's own input. */
  start() {
    return new Tensor(-1, this.given ?? this.input);
  }

  /**
   * A layer is called.
   * @param {object} layer settings, with a name where it has one
   * @param {Tensor[]} tensors what it reads
   * @param {object} node where it stands
   * @param {Module | null} module the object that is called, if it is one
   * @returns {Tensor}
   */
  add(layer, tensors, node, module = null) {
    if (this.rows.length >= MOST_ROWS) {
      throw new Trouble(t("more than {most} layers", { most: MOST_ROWS }), node);
    }
    const from = tensors.map((tensor) => this.rowOf(tensor));
    const row = { ...layer, line: node?.at?.line };
    if (from.length > 1 || from[0] !== this.rows.length - 1) row.from = from;
    this.rows.push(row);
    this.modules.push(module);
    return new Tensor(this.rows.length - 1, shapeOf(layer, tensors));
  }

  /** A tensor that the text made (`torch.randn(2, 3, 50, 50)`) is the input. */
  rowOf(tensor) {
    if (tensor.row === null) {
      this.input ??= tensor.shape;
      tensor.row = -1;
      if (this.given) tensor.shape = this.given;
    }
    return tensor.row;
  }
}

function shapeOf(layer, tensors) {
  const shapes = tensors.map(({ shape }) => shape);
  if (shapes.includes(null) || layer.refusal || layer.in_channels === null) return null;
  try {
    const shape = outputShape(layer, shapes);
    return Array.isArray(shape) ? shape : null;
  } catch {
    return null;
  }
}

/** A shape with new sizes: `x.view(...)`, `x.reshape(...)`. */
export function viewLayer(_tensor, values, node) {
  const size = values.map((value) => (value instanceof Opaque ? null : plain(value)));
  const open = size.filter((value) => value === null).length;
  if (open === 0) return { kind: "view", size };
  if (open === 1 && size[0] === null && size.length === 2 && size[1] === -1) {
    return { kind: "Flatten", start_dim: 1 };
  }
  if (open === 1 && size[0] === null && !size.includes(-1))
    return { kind: "view", size: [-1, ...size.slice(1)] };
  throw new Trouble(t("the sizes depend on the input: its shape is needed"), node);
}

/** Two tensors, or a tensor and a number. */
export function joinLayer(graph, node, left, right) {
  const tensors = [left, right].filter((value) => value instanceof Tensor && value.row !== null);
  if (tensors.length === 0) return left instanceof Tensor ? left : right;
  if (tensors.length === 1) return tensors[0];
  const kind = node.sign === "*" ? "mul" : "add";
  if (!["+", "-", "*", "/"].includes(node.sign))
    throw new Trouble(t('"{sign}" is not followed', { sign: node.sign }), node);
  return graph.add(
    { kind, ...(["-", "/"].includes(node.sign) && { name: node.sign }) },
    tensors,
    node,
  );
}
