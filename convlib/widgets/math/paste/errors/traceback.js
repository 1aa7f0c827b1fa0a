/** What stands around the message in a traceback. */

/** Somebody's line, as Python, IPython and pytest show it. */
const SHOWN = /^\s*(?:-{2,}>\s*\d*|>(?=\s{2,}))\s*(.+)$/;
const FILE = /^\s*File ["'](.+)["'], line \d+/;
/** Lines of PyTorch itself and of its callers are nobody's mistake. */
const LIBRARY = /site-packages|dist-packages|[\\/]torch[\\/]|<frozen|importlib/;

/**
 * The last line of the reader's own code in a traceback, to be read in its turn.
 *
 * @param {string} text
 * @returns {string | null}
 */
export function codeLine(text) {
  let code = null;
  let own = false;
  const lines = text.split("\n", 20_000);
  for (const line of lines) {
    const file = FILE.exec(line);
    const shown = SHOWN.exec(line);
    if (shown) code = shown[1].trim();
    else if (file) own = !LIBRARY.test(file[1]);
    else if (own) {
      code = line.trim();
      own = false;
    }
  }
  return code === "" ? null : code;
}

/** Say whether a text is a traceback or an exception, whatever its words. */
export const looksLikeError = (text) =>
  /^Traceback \(most recent|\b\w*(?:Error|Exception)\b\s*:|\bCUD(?:A|NN)[ _]\w*error|CUDNN_STATUS/im.test(
    text,
  );
