// One mail in a frame. A new version loads out of sight and takes the place of the old one when it is there: nothing flashes.

import { forceDark } from "./forced-dark.js";
import { h } from "./dom.js";

const widths = { phone: 375, tablet: 768, desktop: 1024 };
const widest = 1280;
const named = { phone: "the phone", tablet: "the tablet", desktop: "the desktop" };

/** How wide the mail is shown where there is `room`, and how much smaller than life. */
export function fit(width, room) {
  const wide = width === "desktop" ? Math.min(Math.max(room, widths.desktop), widest) : widths[width];
  return { wide, scale: Math.min(1, room / wide) };
}

/** A place for a mail. `dress(document)` is called before a mail is seen, `framed()` after. */
export function place(dress, framed) {
  const label = h("figcaption", { class: "device-label" });
  const bed = h("div", { class: "bed" });
  const over = h("p", { class: "device-note", role: "status", hidden: true });
  const element = h("figure", { class: "device", hidden: true }, label, over, bed);
  let shown = null;
  let coming = null;
  let loaded = null;
  let layout = { width: "desktop", room: widest };

  /** Loads `address` unless it is there already; `look` is light, dark or forced. */
  function load(address, look, title) {
    element.hidden = false;
    const wanted = `${look === "forced" ? "forced" : "as it is"} ${address}`;
    if (wanted === loaded) return paint(coming ?? shown, look);
    loaded = wanted;
    coming?.remove();
    const frame = h("iframe", { class: "sheet coming", sandbox: "allow-same-origin", title, src: address.replace(/ .*/, "") });
    coming = frame;
    paint(frame, look);
    measure(frame);
    frame.addEventListener("load", () => arrive(frame, look));
    bed.append(frame);
    return undefined;
  }

  function arrive(frame, look) {
    if (coming !== frame) return;
    const page = frame.contentDocument;
    coming = null;
    // A browser's own error page: the last good mail stays, and the next wish loads again.
    // (A picture of the name `body` takes the place of `page.body`.)
    if (!page?.querySelector("body")?.firstChild) {
      frame.remove();
      loaded = null;
      return;
    }
    if (look === "forced") forceDark(page);
    dress(page);
    const sideways = shown?.contentDocument?.scrollingElement?.scrollLeft ?? 0;
    shown?.remove();
    shown = frame;
    measure(frame);
    page.scrollingElement.scrollLeft = sideways;
    frame.classList.remove("coming");
    new ResizeObserver(() => shown === frame && measure(frame)).observe(page.documentElement);
    framed();
  }

  // The look is the frame's own colour scheme: the mail's media query asks for it.
  function paint(frame, look) {
    if (frame) frame.style.colorScheme = look === "dark" ? "dark" : "light";
  }

  /** Gives the frame the width of the device and the height of the mail, and makes it smaller where there is no room. */
  function measure(frame) {
    const { width, room } = layout;
    const { wide, scale } = fit(width, room);
    frame.style.width = `${wide}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    const page = frame.contentDocument;
    if (frame !== shown || !page?.documentElement) return;
    tellWider(page, width);
    const before = frame.style.height;
    frame.style.height = "0";
    const high = page.documentElement.scrollHeight;
    frame.style.height = `${high}px`;
    if (before === frame.style.height && bed.style.width === `${wide * scale}px`) return;
    bed.style.height = `${Math.ceil(high * scale)}px`;
    bed.style.width = `${wide * scale}px`;
  }

  /** A mail that does not fit is a fault that its readers see. */
  function tellWider(page, width) {
    const { scrollWidth, clientWidth } = page.scrollingElement ?? page.documentElement;
    over.hidden = scrollWidth <= clientWidth + 1;
    const text = over.hidden ? "" : `This mail is wider than ${named[width]}: ${scrollWidth.toLocaleString("en-GB")} pixels.`;
    if (over.textContent !== text) over.textContent = text;
  }

  return {
    element,
    load,
    /** The frame that is seen, or null. */
    frame: () => shown,
    /** Whether a newer one is on its way. */
    isComing: () => coming !== null,
    /** How much smaller than life the mail is shown. */
    scale: () => (shown ? shown.getBoundingClientRect().width / shown.offsetWidth : 1),
    name(text) {
      label.textContent = text ?? "";
      label.hidden = !text;
    },
    lay(width, room) {
      element.dataset.width = width;
      const rim = getComputedStyle(element);
      layout = { width, room: room - parseFloat(rim.paddingLeft) - parseFloat(rim.paddingRight) };
      if (coming) measure(coming);
      if (shown) measure(shown);
    },
    clear() {
      coming?.remove();
      shown?.remove();
      shown = coming = loaded = null;
      element.hidden = true;
    },
  };
}
