/** A widget's state: the synced traits of its model. */

/**
 * Tie a view to its model.
 *
 * @param {object} model  Anything with get, set, save_changes, on and off.
 * @param {string[]} names  The traits the view shows.
 * @param {(...more: unknown[]) => void} repaint  Runs after each change, whoever made it: this
 *   view, which may hand over something, Python, or a second view of the same model.
 * @param {AbortSignal} signal  Ends the tie.
 */
export function bind(model, names, repaint, signal) {
  let writing = false;
  const changed = () => {
    if (!writing) repaint();
  };
  for (const name of names) model.on(`change:${name}`, changed);
  signal.addEventListener("abort", () => {
    for (const name of names) model.off(`change:${name}`, changed);
  });

  return {
    /** All traits as one object. */
    read: () => Object.fromEntries(names.map((name) => [name, model.get(name)])),

    /** Set several traits as one change; what is no trait of the view is passed over. */
    write(values, ...more) {
      writing = true; // the model announces each trait before the next one is set
      try {
        for (const name of names) if (name in values) model.set(name, values[name]);
        model.save_changes();
      } finally {
        writing = false;
      }
      repaint(...more);
    },
  };
}
