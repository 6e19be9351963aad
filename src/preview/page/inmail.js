// What the page does inside a mail's frame: it shows the marks, tells where links lead, and hears the keys.

const marksOn = "mark[data-field] { background: #ffe9a8; color: #3a2c00; border-radius: 2px; box-shadow: 0 0 0 1px #e3bf55; }";
const marksOff = "mark[data-field] { background: none; color: inherit; }";

const links = "a[href], area[href]";

/** Gives what is to be done with the document of each mail. */
export function inMail(app) {
  return (page) => {
    const look = new page.defaultView.CSSStyleSheet();
    const follow = ({ marks }) => look.replaceSync(marks ? marksOn : marksOff);
    follow(app.state);
    page.adoptedStyleSheets = [look];
    page.documentElement.dataset.marks = app.state.marks ? "on" : "off";
    for (const mark of page.querySelectorAll("mark[data-field]")) mark.title = mark.dataset.field;
    page.addEventListener("keydown", app.press);
    // With any button: a link to unsubscribe would act for the person whose mail this is.
    for (const press of ["click", "auxclick"]) page.addEventListener(press, (event) => stay(page, app, event));
    // Where a browser fires no listeners in a sandboxed frame, a link opens nothing instead of the wrong thing.
    // By its attribute: of a link in a drawing the property cannot be set.
    for (const link of page.querySelectorAll(links)) link.setAttribute("target", "_blank");
  };
}

/** Says where a link leads. */
export function tellWhere(app, to) {
  app.tell(`The link leads to ${to}`);
}

/** Says where a link leads instead of following it; one within the mail is followed. */
function stay(page, app, event) {
  const link = event.target.closest?.(links);
  if (!link) return;
  event.preventDefault();
  const to = link.getAttribute("href");
  if (to.startsWith("#")) page.getElementById(to.slice(1))?.scrollIntoView({ block: "start" });
  else tellWhere(app, to);
}
