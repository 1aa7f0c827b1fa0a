/** Where a pasted text turns from code to an error message. */

/** The last line of a traceback: `RuntimeError: ...`, also behind `torch.` and the like. */
const ERROR = /^[ \t]{0,40}(?:[\w.]{1,60}\.)?[A-Z]\w{0,40}(?:Error|Exception)\b ?(?::|$)/;
const TRACEBACK = /^[ \t]{0,40}Traceback \(most recent call last\)/;
const FRAME = /^[ \t]{0,40}File "[^"\n]{1,300}", line \d{1,7}/;
const IPYTHON_FRAME =
  /^(?:[~\w./\\<>:-]{1,300} in [\w<>]{1,80}\(|File [~/\w.-]{1,300}:\d{1,7}, in )/;

/**
 * Part code from the message that followed it.
 *
 * @param {import("./clean.js").Line[]} lines
 * @returns {{ code: import("./clean.js").Line[], error: string | null }} the lines outside of the
 *   traceback; and the message, from the traceback's or its own first line to the end
 */
export function partError(lines) {
  const last = lines.findIndex(({ text }) => ERROR.test(text));
  if (last < 0) return { code: lines, error: null };
  const start = lines.findIndex(({ text }) => TRACEBACK.test(text) || FRAME.test(text));
  const from = start >= 0 && start < last ? start : last;
  const error = lines
    .slice(from)
    .map(({ text }) => text)
    .join("\n");
  return { code: withoutTorch([...lines.slice(0, from), ...lines.slice(from, last)]), error };
}

/** Lines of the reader's own files: frames of PyTorch quote PyTorch's code. */
function withoutTorch(lines) {
  let foreign = false;
  return lines.filter(({ text }) => {
    const head = FRAME.test(text) || IPYTHON_FRAME.test(text) || TRACEBACK.test(text);
    if (head) foreign = /[\\/]torch[\\/]|site-packages|dist-packages/.test(text);
    return !head && !foreign && !/^[ \t]{0,80}[~^]{1,200}[ \t]{0,80}$/.test(text);
  });
}
