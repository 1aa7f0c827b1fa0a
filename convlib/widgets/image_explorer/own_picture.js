/**
 * A picture of the reader's own: from a file, dropped, pasted, or from the camera. It is read here, in
 * the page, and handed on as numbers; nothing of it goes to a server, nor to Python.
 */
import { fromCanvas, shrunk } from "../math/image_pixels.js";
import { withCommas } from "../math/text.js";
import { createButton } from "../parts/controls.js";
import { el, setText } from "../parts/dom.js";

const MEGABYTE = 1_000_000;
const MOST_MEGABYTES = 50;
const PROMISE = "Your picture stays in this page. You can also drop or paste one.";
const NO_CAMERA = {
  NotAllowedError: "The camera was not allowed.",
  NotFoundError: "No camera was found.",
  NotReadableError: "The camera is in use elsewhere.",
};

/**
 * @param {object} options
 * @param {number} options.most  Pixels of the longer side; larger pictures are scaled down.
 * @param {(picture: import("../math/image_pixels.js").Picture | null) => string} options.onPicture
 *   Takes a picture in colour, or null to go back; returns why not, or nothing.
 * @param {AbortSignal} options.signal
 */
export function createOwnPicture({ most, onPicture, signal }) {
  const note = el("p", "cv-own-note cv-quiet", { role: "status" }, PROMISE);
  const camera = createCamera({ most, onFrame: show, onStop: () => nameCamera(), signal });
  const chooser = el("input", "", { type: "file", accept: "image/*" }); // never on the page
  const choose = createButton({ label: "Your picture", onClick: () => chooser.click(), signal });
  const film = createButton({ label: "Camera", onClick: toggleCamera, signal });
  const back = createButton({ label: "The cup", onClick: goBack, signal });
  back.hidden = true;
  chooser.addEventListener("change", () => open(chooser.files[0]), { signal });

  function nameCamera() {
    setText(film, camera.isOn() ? "Hold still" : "Camera");
  }

  function goBack() {
    camera.stop();
    onPicture(null);
    back.hidden = true;
    setText(note, PROMISE);
  }

  /** Show a picture, and say what was done to it. */
  function show({ picture, size: [height, width], name }) {
    const why = onPicture(picture);
    const made = picture.width === width && picture.height === height ? "" : scaled(picture);
    const numbers = `${withCommas(height)} × ${withCommas(width)}`;
    setText(note, why || `${name}, ${numbers}${made}. It stays in this page.`);
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

  const marks = { "data-operated": true, role: "group", "aria-label": "Your own picture" };
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

const scaled = ({ height, width }) => `, scaled down to ${height} × ${width}`;

/** A file as numbers, or why not. */
async function readFile(file, most) {
  const { name, size, type } = file;
  if (!type.startsWith("image/")) return { why: `${name} is no picture.` };
  if (size > MOST_MEGABYTES * MEGABYTE) {
    const megabytes = withCommas(Math.ceil(size / MEGABYTE));
    return { why: `${name} has ${megabytes} MB. Up to ${MOST_MEGABYTES} MB are read.` };
  }
  try {
    const bitmap = await createImageBitmap(file);
    const found = { ...sample(bitmap, bitmap.height, bitmap.width, most), name };
    bitmap.close();
    return found;
  } catch {
    const guess = "it is broken, too large, or of a kind that it does not know";
    return { why: `The browser cannot read ${name}: ${guess}.` };
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
    if (height) onFrame({ ...sample(video, height, width, most), name: "Camera" });
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
    if (!navigator.mediaDevices) return "A browser gives its camera to https pages only.";
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
      return NO_CAMERA[error.name] ?? "The camera cannot be used.";
    }
  }

  signal.addEventListener("abort", stop, { once: true });
  return { start, stop, isOn: () => stream !== null };
}
