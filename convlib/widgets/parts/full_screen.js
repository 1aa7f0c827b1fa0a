/**
 * A button with which a widget fills the screen, as on the wall of a class room: there the arrow keys
 * step, and Escape leads back. Where a browser has no full screen for pages, as on an iPhone, the
 * widget fills the window.
 */
import { t } from "../math/words.js";
import { el, setAttribute, setText } from "./dom.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const OWN_KEYS = "input, select, textarea, [role=grid], [role=listbox], [contenteditable]";
const ZOOMS = [24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10]; // tenths

/**
 * @param {Element} host  The widget's place, which is to fill the screen.
 * @param {AbortSignal} signal
 * @returns {Element}  The foot of the widget, with the button.
 */
export function createFullScreen(host, signal) {
  const button = el("button", "cv-foot-button", { type: "button", "data-operated": true });
  let isFull = false;
  button.addEventListener("click", () => (isFull ? leave() : enter()), { signal });
  host.addEventListener("fullscreenchange", follow, { signal });
  signal.addEventListener("abort", leave);
  show(false);

  async function enter() {
    show(true);
    try {
      await host.requestFullscreen?.();
    } catch {
      // It fills the window.
    }
    grow();
    start()?.focus({ preventScroll: true });
  }

  /**
   * Enlarge the widget as far as the screen has room. A picture that fills the screen by rules of its
   * own leaves none.
   */
  function grow() {
    const root = host.querySelector(".convlib");
    const fits = (tenths) => {
      root.style.zoom = tenths / 10;
      return host.scrollHeight <= host.clientHeight && host.scrollWidth <= host.clientWidth;
    };
    if (isFull) ZOOMS.find(fits);
    else root.style.zoom = "";
  }

  function leave() {
    if (document.fullscreenElement === host) document.exitFullscreen();
    if (!isFull) return;
    show(false);
    grow();
  }

  /** The browser has its own ways out. */
  function follow() {
    if (document.fullscreenElement !== host) leave();
  }

  function show(is) {
    isFull = is;
    setAttribute(host, "data-full", is);
    setText(button, is ? t("Leave full screen") : t("Full screen"));
    if (is) document.addEventListener("keydown", listen, { capture: true });
    else document.removeEventListener?.("keydown", listen, { capture: true });
  }

  /** Where the keys go at first. */
  const start = () =>
    host.querySelector(".cv-play") ?? host.querySelector("[role=grid] [tabindex='0']");

  function listen(event) {
    if (event.key === "Escape" && !document.fullscreenElement) return leave();
    const by = STEPS[event.key];
    if (!by || event.target.closest(OWN_KEYS)) return;
    const step = host.querySelector(`.cv-player [data-step="${by}"]`);
    if (step) step.click();
    else start()?.focus();
    event.preventDefault();
  }

  return el("div", "cv-foot", {}, button);
}
