/** The photograph behind StackLedger's field: the network's image, if that is a picture. */
import { toRgba } from "../math/image_paint.js";
import { readPhoto } from "../math/image_pixels.js";
import { el } from "../parts/dom.js";

const MOST = 256; // pixels along a side; of a larger image nobody sees a single one
const MOST_PLANES = 6; // two pictures in colour; more channels are what other layers put out

/** @param {object} photo  What Python sends of it. */
export function createPhoto(photo) {
  const original = painted(readPhoto(photo));
  const addresses = new Map(); // by the size: it is drawn once for each

  return {
    /**
     * The address of the photograph as large as an image, (N, C, H, W); null if this is no picture,
     * and where the book is built, since nothing can be painted there.
     */
    addressOf([, channels, ...sizes]) {
      if (!original || channels > MOST_PLANES) return null;
      const [height, width] = sizes.map((size) => Math.min(size, MOST));
      const key = `${height} ${width}`;
      if (!addresses.has(key)) addresses.set(key, scaled(original, height, width));
      return addresses.get(key);
    },
  };
}

/** A picture on a canvas. */
function painted(picture) {
  const { height, width, values } = picture;
  const canvas = el("canvas", "", { height, width });
  const context = canvas.getContext?.("2d");
  if (!context) return null;
  context.putImageData(new ImageData(toRgba(picture, values), width, height), 0, 0);
  return canvas;
}

function scaled(original, height, width) {
  const canvas = el("canvas", "", { height, width });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(original, 0, 0, width, height);
  return canvas.toDataURL();
}
