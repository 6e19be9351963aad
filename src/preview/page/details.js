// The panel "Details": how large the mail is, what hangs on it, and the fields of this person.

import { count, h, size } from "./dom.js";

/** Puts the panel up. */
export function mount(root, app) {
  app.subscribe((_, changed) => {
    if (["current", "view", "isMissing", "drafts"].some((key) => changed.has(key))) draw();
  });

  function draw() {
    const { current, drafts, isMissing, slug, mail } = app.state;
    const { copy, person } = current ?? {};
    const isComing = !drafts || ((slug || mail) && !current && !isMissing);
    if (isComing) return root.replaceChildren();
    if (!copy && !person) {
      return root.replaceChildren(h("div", { class: "empty" }, h("strong", null, "No copy to measure"), h("p", null, current ? "It shows once this copy can be made." : "Open a draft or a caught mail.")));
    }
    const parts = copy ? [...sizes(copy), ...hanging("Attachments", "attachment", copy.attachments, copy), ...hanging("Pictures in the mail", "picture", copy.pictures, copy)] : [];
    return root.replaceChildren(...parts, ...(person ? fields(person) : []));
  }

  function fields({ name, file, line, fields: all }) {
    const printed = all.filter(({ is_printed: isPrinted }) => isPrinted);
    const others = all.filter(({ is_printed: isPrinted }) => !isPrinted);
    return [
      title(`Fields of ${name}`),
      h("p", { class: "caption" }, h("button", { type: "button", class: "link", onclick: () => app.set({ source: { file, line } }) }, `${file}, line ${line.toLocaleString("en-GB")}`)),
      printed.length > 0 ? table("Printed in this mail", printed) : h("p", { class: "caption" }, "This mail prints none of them: everybody reads the same."),
      others.length > 0 ? table(printed.length > 0 ? "Not printed" : "In the list", others) : null,
    ].filter(Boolean);
  }
}

/** The whole size, and the HTML part beside what Gmail shows of it. */
function sizes({ bytes, html_bytes: html, html_limits: [warn, clip] }) {
  const level = html >= clip ? "error" : html >= warn ? "warning" : "good";
  const end = Math.max(clip * 1.15, html * 1.05);
  const at = (number) => `${(100 * number / end).toFixed(2)}%`;
  const fill = h("span", { class: "gauge-fill" });
  const marks = [h("span", { class: "gauge-mark", title: `A warning from ${size(warn)} on` }), h("span", { class: "gauge-mark clip", title: `Gmail cuts at ${size(clip)}` })];
  fill.style.inlineSize = at(html);
  [warn, clip].forEach((mark, index) => { marks[index].style.insetInlineStart = at(mark); });
  const words = level === "error" ? `Gmail cuts it off at ${size(clip)}: the rest hides behind a link.`
    : level === "warning" ? `Close to the ${size(clip)} at which Gmail cuts a mail off.`
      : `Gmail cuts a mail off at ${size(clip)}; ${size(clip - html)} to go.`;
  return [
    title("Size"),
    h("p", { class: "figure" }, h("span", { class: "figure-number" }, size(html)), " of HTML"),
    h("div", { class: "gauge", "data-level": level, role: "meter", "aria-label": "HTML towards the size at which Gmail cuts", "aria-valuemin": 0, "aria-valuemax": Math.round(end), "aria-valuenow": html, "aria-valuetext": `${size(html)}. ${words}` }, fill, marks),
    h("p", { class: ["gauge-words", "caption"], "data-level": level }, words),
    h("dl", { class: "facts" }, h("dt", null, "Whole message"), h("dd", null, size(bytes), h("span", { class: "caption" }, " with everything on it"))),
  ];
}

/** What hangs on the mail, each with a link to it. */
function hanging(heading, one, parts, { path }) {
  if (parts.length === 0) return [title(heading), h("p", { class: "caption" }, `No ${one}s.`)];
  const whole = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    title(heading, parts.length > 1 ? `${count(parts.length, one)}, ${size(whole)}` : null),
    h("ul", { class: "parts" }, parts.map((part) => h("li", null,
      h("a", { href: `${path}/part/${part.number}`, target: "_blank", rel: "noopener", class: "part" }, part.name || `${one} ${part.number}`),
      h("span", { class: "caption" }, `${kind(part.media_type)}, ${size(part.bytes)}`)))),
  ];
}

/** "PDF" of application/pdf, "PNG" of image/png; else the media type itself. */
function kind(mediaType) {
  const [family, name] = mediaType.split("/");
  return name && name.length <= 4 && (family === "image" || name === "pdf") ? name.toUpperCase() : mediaType;
}

function table(caption, fields) {
  return h("table", { class: "fields" }, h("caption", { class: "eyebrow" }, caption),
    h("tbody", null, fields.map(({ column, value, is_printed: isPrinted }) => h("tr", null,
      h("th", { scope: "row" }, h("code", null, column)),
      value.trim() === "" ? h("td", null, h("span", { class: "badge", "data-level": isPrinted ? "warning" : null }, "empty")) : h("td", null, value)))));
}

function title(text, more = null) {
  return h("h2", { class: "details-title" }, text, more ? h("span", { class: "caption" }, more) : null);
}
