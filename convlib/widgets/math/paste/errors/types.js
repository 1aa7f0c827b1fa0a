/** Questions about devices, number types, arguments and saved weights. */

// --- where the numbers are, and what type they have ---

/** "torch.cuda.FloatTensor", "cuda:0", "MPSFloatType": the device in the name of a type. */
function deviceOf(text) {
  const found = /cuda|mps|xpu|meta|hip|gpu/i.exec(`${text}`);
  return found ? found[0].toLowerCase() : "cpu";
}

const two = (facts) => [
  facts.input_tensor ?? facts.input_cpp ?? facts.left,
  facts.weight_tensor ?? facts.bias_tensor ?? facts.bias_cpp ?? facts.right,
];

/** One of the two types is of a GPU, and the other of the CPU or of another GPU. */
export function areApart(facts) {
  const [one, other] = two(facts);
  return one !== undefined && other !== undefined && deviceOf(one) !== deviceOf(other);
}

/** Where the two are, from the names of their types. */
export function whereTheyAre(facts) {
  if (!areApart(facts)) return {};
  const [left, right] = two(facts).map(deviceOf);
  return { left, right };
}

/** The types tell which is which: the input is on the CPU, and the layer is not. */
export const isInputBehind = ({ input_tensor, left }) =>
  input_tensor !== undefined && left === "cpu";

export const isLayerBehind = ({ input_tensor, right }) =>
  input_tensor !== undefined && right === "cpu";

// --- words for the padding ---

const isWord = (word, words) => words.includes(`${word}`.toLowerCase());

export const isWordInCapitals = ({ padding }) => isWord(padding, ["same", "valid"]);

export const inSmallLetters = ({ padding }) => ({ small: padding.toLowerCase() });

export const isBorder = ({ padding }) =>
  isWord(padding, ["reflect", "replicate", "circular", "zeros", "constant"]);

/** PyTorch's layers say 'zeros' for a constant border. */
export function borderOf({ padding }) {
  const word = padding.toLowerCase();
  return { border: word === "constant" ? "zeros" : word };
}

const typesOf = (facts) =>
  [facts.input_torch, facts.weight_torch, facts.type, ...two(facts)].map((text) => `${text}`);

const inputType = (facts) => `${facts.input_torch ?? two(facts)[0] ?? facts.type}`;

export const isHalfInput = (facts) => /half|float16/i.test(inputType(facts));

export const isByte = (facts) => /byte|unsigned char|uint8/i.test(inputType(facts));

export const isDouble = (facts) => /double/i.test(inputType(facts));

export const isWhole = (facts) => /long|int|short|char/i.test(inputType(facts));

export const isHalfLayer = (facts) =>
  !isHalfInput(facts) && typesOf(facts).some((text) => /half/i.test(text));

export const isDoubleLayer = (facts) =>
  !isDouble(facts) && typesOf(facts).some((text) => /double/i.test(text));

// --- arguments of a wrong type ---

/** PyTorch's order of the arguments of conv2d. */
const ARGUMENTS = ["input", "weight", "bias", "stride", "padding", "dilation", "groups"];

/** The types of "(list, Parameter, stride=float)", by argument. */
function typesGiven(got) {
  if (typeof got !== "string") return [];
  return got
    .replace(/^\(|\)$/g, "")
    .split(/,(?![^(]*\))/)
    .map((text, place) => {
      const [name, kind] = text.includes("=") ? text.split("=") : [ARGUMENTS[place], text];
      return { name: name?.trim(), kind: kind.replaceAll("!", "").trim() };
    });
}

const IS_TENSOR = /^(?:Tensor|Parameter|FakeTensor|NoneType)$/;

/** Which argument has the wrong type, and which type it is. */
export function wrongArgument(facts) {
  if (facts.name && facts.kind) return {};
  const given = typesGiven(facts.got);
  const marked = facts.marked ? typesGiven(facts.marked) : [];
  const wrong =
    given.find(
      ({ name, kind }) => ["input", "weight"].includes(name) && !/Tensor|Param/.test(kind),
    ) ??
    given.find(({ name, kind }) => name === "bias" && !IS_TENSOR.test(kind)) ??
    given.find(({ kind }) => /^(?:float|str|bool|NoneType)$/.test(kind)) ??
    marked.find(({ kind }) => kind);
  if (!wrong) return {};
  return {
    ...wrong,
    wanted: ["input", "weight", "bias"].includes(wrong.name) ? "Tensor" : "int or tuple of ints",
  };
}

export const isArray = ({ kind, found }) => /ndarray/.test(`${kind} ${found}`);
export const isList = ({ kind, found }) =>
  /\b(?:list|tuple)\b/.test(`${kind} ${found}`.split(" of ")[0]);
export const isNone = ({ kind, found }) => /NoneType/.test(`${kind} ${found}`);
export const isFloat = ({ kind, found }) => /float/.test(`${kind} ${found}`);

// --- saved weights ---

/** The prefix that the keys of one side have and those of the other have not. */
function prefixOf(longer, shorter) {
  const known = new Set(shorter);
  for (const key of longer) {
    const dot = key.indexOf(".");
    if (dot > 0 && known.has(key.slice(dot + 1))) return key.slice(0, dot + 1);
  }
  return null;
}

const WRAPPERS = /^(?:module|model|_orig_mod|net|state_dict|backbone)\./;

/** The file's keys have a prefix, as DataParallel writes it. */
export function hasPrefix({ missing = [], unexpected = [] }) {
  if (prefixOf(unexpected, missing)) return true;
  return missing.length === 0 && /^(?:module|_orig_mod)\./.test(unexpected[0] ?? "");
}

export const prefixInFile = ({ missing = [], unexpected = [] }) => ({
  prefix: prefixOf(unexpected, missing) ?? WRAPPERS.exec(unexpected[0])[0],
});

/** The model's keys have a prefix, and the file's have none. */
export function lacksPrefix({ missing = [], unexpected = [] }) {
  if (prefixOf(missing, unexpected)) return true;
  return unexpected.length === 0 && /^(?:module|_orig_mod)\./.test(missing[0] ?? "");
}

export const prefixInModel = ({ missing = [], unexpected = [] }) => ({
  prefix: prefixOf(missing, unexpected) ?? WRAPPERS.exec(missing[0])[0],
});

const hasOtherShape = ({ name, saved, wanted }) =>
  name !== undefined && Array.isArray(saved) && Array.isArray(wanted);

/** The axis on which the shapes differ first; -1 if they have another number of axes. */
const differOn = ({ saved, wanted }) =>
  saved.length === wanted.length ? saved.findIndex((size, axis) => size !== wanted[axis]) : -1;

/** Only the channels of a first layer differ. */
const areChannels = (facts, from, to) =>
  hasOtherShape(facts) &&
  differOn(facts) === 1 &&
  facts.saved[1] === from &&
  facts.wanted[1] === to;

export const isColourFile = (facts) => areChannels(facts, 3, 1);
export const isGreyFile = (facts) => areChannels(facts, 1, 3);

export const isOtherHead = (facts) =>
  hasOtherShape(facts) && differOn(facts) === 0 && facts.saved.length <= 2;

export const hasOnlyOtherShape = (facts) =>
  hasOtherShape(facts) && !isColourFile(facts) && !isGreyFile(facts) && !isOtherHead(facts);

/** Keys that differ, and neither a shape nor a prefix explains it. */
const differInKeys = (facts) =>
  !hasOtherShape(facts) && !hasPrefix(facts) && !lacksPrefix(facts) && !isBias(facts);

/** The file has a bias more, and nothing else. */
export const isBias = ({ missing = [], unexpected = [] }) =>
  unexpected.length > 0 && missing.length === 0 && unexpected.every((key) => /bias$/.test(key));

export const hasOtherKeys = (facts) => differInKeys(facts) && (facts.unexpected ?? []).length > 0;
export const lacksKeys = (facts) =>
  differInKeys(facts) && !hasOtherKeys(facts) && (facts.missing ?? []).length > 0;

export const firstKey = ({ missing = [], unexpected = [] }) => ({
  key: unexpected[0] ?? missing[0],
});
