// Finds the place in the mail that a line of the draft, a template or a list has made.

import { scroller } from "./room.js";

/** Gives `scrollTo({file, line})`. */
export function finder(app, place) {
  let known = { path: null, generation: null, elements: [], spots: [], marker: "" };

  async function places() {
    const { current } = app.state;
    const { path } = current.copy;
    if (known.path === path && known.generation === current.generation) return known;
    const { html, marker, spots } = await app.get(`${path}/places`);
    // Only the structure is wanted. The page's own policy would complain of every style in it, so
    // they go; `noframes` is read by the same rules as `style`.
    const bare = html.replace(/<(\/?)style\b/gi, "<$1noframes").replace(/\sstyle=/gi, " data-style=");
    const elements = [...new DOMParser().parseFromString(bare, "text/html").querySelectorAll("*")];
    known = { path, generation: current.generation, elements, marker, spots };
    return known;
  }

  return async ({ file, line }) => {
    const { view, current, tab } = app.state;
    if (view !== "draft" || !current?.copy) return;
    if (tab !== "mail") app.set({ tab: "mail" });
    const { elements, marker, spots } = await places().catch(() => known);
    const best = nearest(elements, spots, marker, file, line);
    const page = place.frame()?.contentDocument;
    if (best === null || !page) return;
    // The marks of fields are no elements of the mail itself.
    const there = [...page.querySelectorAll("*:not(mark[data-field])")][best];
    if (there) show(there);
  };

  function show(element) {
    const box = scroller();
    const top = place.frame().getBoundingClientRect().top + element.getBoundingClientRect().top * place.scale() - box.getBoundingClientRect().top;
    box.scrollBy({ top: top - box.clientHeight / 3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    element.animate([
      { outline: "3px solid rgb(90 102 224 / 100%)", outlineOffset: "4px" },
      { outline: "3px solid rgb(90 102 224 / 100%)", outlineOffset: "4px", offset: 0.6 },
      { outline: "3px solid rgb(90 102 224 / 0%)", outlineOffset: "4px" },
    ], { duration: 1600 });
  }
}

/** The index of the element whose place is the last one at or before the line, else the first one of the file. */
function nearest(elements, spots, marker, file, line) {
  let best = null;
  let bestLine = -1;
  let first = null;
  elements.forEach((element, index) => {
    const spot = spots[Number(element.getAttribute(marker) ?? NaN)];
    if (!spot || spot.file !== file) return;
    first ??= index;
    // Of elements of one line the innermost, which comes last, is what is meant.
    if (spot.line <= line && spot.line >= bestLine) [best, bestLine] = [index, spot.line];
  });
  return best ?? first;
}
