// Where two people's copies differ, and how that is shown in the frames.

/** What a copy has at each place of the template, by number: {kind, said, inside, ranges}, in the order of the mail. */
export function placesOf(document) {
  const places = new Map();
  const open = [];
  const add = (number, kind, said, range) => {
    const place = places.get(number) ?? { kind, said: [], inside: open.map((choice) => choice.number), ranges: [] };
    place.said.push(said);
    place.ranges.push(range);
    places.set(number, place);
  };
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.localName !== "mark" || !node.dataset.n) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      add(node.dataset.n, "field", node.textContent, range);
      continue;
    }
    const [, end, number, branch] = /^(\/?)choice (\d+)(?: (then|else))?$/.exec(node.data.trim()) ?? [];
    if (number === undefined) continue;
    if (end) {
      const from = open.findLastIndex((choice) => choice.number === number);
      if (from < 0) continue;
      const [choice] = open.splice(from);
      choice.range.setEndBefore(node);
    } else {
      const range = document.createRange();
      range.setStartAfter(node);
      add(number, "choice", branch, range);
      open.push({ number, range });
    }
  }
  return places;
}

/** The numbers of the places at which two copies differ; what stands inside a differing choice counts with it. */
export function differing(one, other) {
  const differ = new Set();
  for (const number of order(one, other)) {
    const [a, b] = [one.get(number), other.get(number)];
    const isSame = a && b && a.said.join("\u0000") === b.said.join("\u0000");
    const within = [...(a?.inside ?? []), ...(b?.inside ?? [])];
    if (!isSame && !within.some((choice) => differ.has(choice))) differ.add(number);
  }
  return [...differ];
}

/** All numbers in the order in which a reader of both meets them. */
function order(one, other) {
  const numbers = [...one.keys()];
  let at = 0;
  for (const number of other.keys()) {
    const known = numbers.indexOf(number);
    if (known >= 0) at = known + 1;
    else numbers.splice(at++, 0, number);
  }
  return numbers;
}

const look = `
::highlight(preview-differs) { background-color: #ffe27a; color: #1e1d1b; }
::highlight(preview-here) { background-color: #4450c4; color: #fff; }
[data-preview="bars"] { position: absolute; inset: 0 0 auto 0; height: 0; color: #d9a400; pointer-events: none; }
[data-preview="bars"] i { position: absolute; left: 0; border-radius: 2px; background: currentColor; }
[data-preview="bars"] i[data-gap] { right: 0; border-top: 2px dashed; border-radius: 0; background: none; }
[data-preview="bars"] i[data-here] { color: #4450c4; }
`;

/** Marks the places `numbers` of a frame, the one at `here` more so, with a bar at the edge as in a revised
 * statute; a dashed line says that something stands there in the other mail. */
export function paint(frame, places, numbers, here) {
  const { contentDocument: document, contentWindow: window } = frame;
  if (!document?.documentElement) return;
  wipe(frame);
  const ranges = (wanted) => wanted.flatMap((number) => places.get(number)?.ranges ?? []);
  if (window.CSS?.highlights) {
    window.CSS.highlights.set("preview-differs", new window.Highlight(...ranges(numbers.filter((number) => number !== here))));
    window.CSS.highlights.set("preview-here", new window.Highlight(...ranges(here === null ? [] : [here])));
  }
  const style = document.createElement("style");
  style.dataset.preview = "differences";
  style.textContent = look;
  const bars = document.createElement("div");
  bars.dataset.preview = "bars";
  bars.setAttribute("aria-hidden", "true");
  const scale = frame.getBoundingClientRect().width / frame.offsetWidth || 1;
  for (const number of numbers) {
    for (const range of places.get(number)?.ranges ?? []) {
      const { top, height } = box(range);
      const bar = document.createElement("i");
      bar.toggleAttribute("data-here", number === here);
      bar.toggleAttribute("data-gap", height === 0);
      bar.style.top = `${Math.round(top + window.scrollY)}px`;
      bar.style.height = `${Math.round(height)}px`;
      if (height > 0) bar.style.width = `${(number === here ? 6 : 4) / scale}px`;
      bars.append(bar);
    }
  }
  document.documentElement.append(style, bars);
}

/** Takes the marks away again. */
export function wipe(frame) {
  const { contentDocument: document, contentWindow: window } = frame;
  window?.CSS?.highlights?.delete("preview-differs");
  window?.CSS?.highlights?.delete("preview-here");
  for (const ours of document?.querySelectorAll("[data-preview='differences'], [data-preview='bars']") ?? []) ours.remove();
}

/** Where a range stands; of one without words, where they would have stood. */
export function box(range) {
  const own = range.getBoundingClientRect();
  if (own.height > 0) return own;
  const { startContainer: parent, startOffset } = range;
  for (let node = parent.childNodes[startOffset - 1]; node; node = node.previousSibling) {
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const { bottom, height } = node.getBoundingClientRect();
    if (height > 0) return { top: bottom, height: 0 };
  }
  const { top } = (parent.nodeType === Node.ELEMENT_NODE ? parent : parent.parentElement).getBoundingClientRect();
  return { top, height: 0 };
}
