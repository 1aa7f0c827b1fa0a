/** Remarks that several readers make about what they read. */

import { t } from "../words.js";

/** A row that stands in no text. */
export const flattenNote = () =>
  t("A Flatten before the Linear stands in forward only: it is put in here.");

/** A layer that no arithmetic is known for. */
export const unknownLayer = (name) => t("{name} is not a layer that this reader knows", { name });
