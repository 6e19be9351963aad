// How much room there is: the same steps as in shell.css.

/** Whether the list of drafts, and the panel, stand beside the mail; else they are sheets over it. */
export const room = {
  drafts: window.matchMedia("(min-width: 84rem)"),
  panel: window.matchMedia("(min-width: 56rem)"),
};

/** The width of device that can be shown well in this window to begin with. */
export const fitting = ["phone", "tablet", "desktop"][["(min-width: 56rem)", "(min-width: 75rem)"].filter((least) => window.matchMedia(least).matches).length];

/** What scrolls the mail: its own box, or in one column the tools with it. */
export function scroller() {
  return document.querySelector(room.panel.matches ? "#scroll" : "#mail");
}
