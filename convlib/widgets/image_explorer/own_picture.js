/**
 * A picture of the reader's own: from a file, dropped, pasted, or from the camera. It is read here, in
 * the page, and handed on as numbers; nothing of it goes to a server, nor to Python.
 */
import { fromCanvas, shrunk } from "../math/image_pixels.js";
import { withCommas } from "../math/text.js";
import { english, t } from "../math/words.js";
import { createButton } from "../parts/controls.js";
import { el, setText } from "../parts/dom.js";

const MEGABYTE = 1_000_000;
const MOST_MEGABYTES = 50;
const PROMISE = english("Your picture stays in this page. You can also drop or paste one.");
const NO_CAMERA = {
  NotAllowedError: english("The camera was not allowed."),
  NotFoundError: english("No camera was found."),
  NotReadableError: english("The camera is in use elsewhere."),
};

/**
 * @param {object} options
 * @param {number} options.most  Pixels of the longer side; larger pictures are scaled down.
 * @param {(picture: import("../math/image_pixels.js").Picture | null) => string} options.onPicture
 *   Takes a picture in colour, or null to go back; returns why not, or nothing.
 * @param {AbortSignal} options.signal
 */
export function createOwnPicture({ most, onPicture, signal }) {
  const note = el("p", "cv-own-note cv-quiet", { role: "status" }, t(PROMISE));
  const camera = createCamera({ most, onFrame: show, onStop: () => nameCamera(), signal });
  const chooser = el("input", "", { type: "file", accept: "image/*" }); // never on the page
  const choose = createButton({ label: t("Your picture"), onClick: () => chooser.click(), signal });
  const film = createButton({ label: t("Camera"), onClick: toggleCamera, signal });
  const back = createButton({ label: t("The cup"), onClick: goBack, signal });
  back.hidden = true;
  chooser.addEventListener("change", () => open(chooser.files[0]), { signal });

  function nameCamera() {
    setText(film, camera.isOn() ? t("Hold still") : t("Camera"));
  }

  function goBack() {
    camera.stop();
    onPicture(null);
    back.hidden = true;
    setText(note, t(PROMISE));
  }

  /** Show a picture, and say what was done to it. */
  function show(found) {
    const why = onPicture(found.picture);
    setText(note, why || madeOf(found));
    if (!why) back.hidden = false;
  }

  async function open(file) {
    if (!file) return;
    camera.stop();
    chooser.value = ""; // the same file may be chosen again
    const { why, ...found } = await readFile(file, most);
    if (signal.aborted) return;
    if (why) setText(note, why);
    else show(found);
  }

  async function toggleCamera() {
    if (camera.isOn()) return camera.stop();
    const why = await camera.start();
    if (signal.aborted) return;
    if (why) setText(note, why);
    nameCamera();
  }

  const marks = { "data-operated": true, role: "group", "aria-label": t("Your own picture") };
  return {
    element: el("div", "cv-own", marks, el("div", "cv-looks", {}, choose, film, back), note),

    /** Take what is dropped on an element, or pasted into it. */
    listen(root) {
      const hasFile = (data) => [...data.types].includes("Files");
      const take = (event, data) => {
        if (!data || !hasFile(data)) return;
        event.preventDefault();
        open(data.files[0]);
      };
      const onDrag = (event) => {
        if (hasFile(event.dataTransfer)) event.preventDefault();
      };
      root.addEventListener("dragover", onDrag, { signal });
      root.addEventListener("drop", (event) => take(event, event.dataTransfer), { signal });
      root.addEventListener("paste", (event) => take(event, event.clipboardData), { signal });
    },
  };
}

/** What a picture is, and what was done to it. */
function madeOf({ picture, size: [height, width], name }) {
  const size = `${withCommas(height)} × ${withCommas(width)}`;
  const isWhole = picture.width === width && picture.height === height;
  if (isWhole) return t("{name}, {size}. It stays in this page.", { name, size });
  const scaled = `${picture.height} × ${picture.width}`;
  const facts = { name, size, scaled };
  return t("{name}, {size}, scaled down to {scaled}. It stays in this page.", facts);
}

/** A file as numbers, or why not. */
async function readFile(file, most) {
  const { name, size, type } = file;
  if (!type.startsWith("image/")) return { why: t("{name} is no picture.", { name }) };
  if (size > MOST_MEGABYTES * MEGABYTE) {
    const facts = { name, size: withCommas(Math.ceil(size / MEGABYTE)), most: MOST_MEGABYTES };
    return { why: t("{name} has {size} MB. Up to {most} MB are read.", facts) };
  }
  try {
    const bitmap = await createImageBitmap(file);
    const found = { ...sample(bitmap, bitmap.height, bitmap.width, most), name };
    bitmap.close();
    return found;
  } catch {
    return {
      why: t(
        "The browser cannot read {name}: " +
          "it is broken, too large, or of a kind that it does not know.",
        { name },
      ),
    };
  }
}

/** The numbers of what a canvas can draw, scaled down; what is transparent stands on white. */
function sample(drawable, height, width, most) {
  const [rows, columns] = shrunk(height, width, most);
  const canvas = el("canvas", "", { width: columns, height: rows });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, columns, rows);
  context.drawImage(drawable, 0, 0, columns, rows);
  return { picture: fromCanvas(context.getImageData(0, 0, columns, rows)), size: [height, width] };
}

/** The camera: a picture for each frame until it is stopped; the last one stays. */
function createCamera({ most, onFrame, onStop, signal }) {
  const video = el("video", "", { playsinline: true });
  let stream = null;
  let frame = 0;

  function film() {
    const { videoHeight: height, videoWidth: width } = video;
    if (height) onFrame({ ...sample(video, height, width, most), name: t("Camera") });
    frame = requestAnimationFrame(film);
  }

  function stop() {
    cancelAnimationFrame(frame);
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    stream = null;
    onStop();
  }

  /** Ask for the camera; returns why not. */
  async function start() {
    if (!navigator.mediaDevices) return t("A browser gives its camera to https pages only.");
    try {
      const given = await navigator.mediaDevices.getUserMedia({ video: true });
      stream = given;
      if (signal.aborted) return stop();
      video.srcObject = given;
      video.muted = true;
      await video.play();
      film();
      return "";
    } catch (error) {
      stop();
      return t(NO_CAMERA[error.name] ?? english("The camera cannot be used."));
    }
  }

  signal.addEventListener("abort", stop, { once: true });
  return { start, stop, isOn: () => stream !== null };
}
