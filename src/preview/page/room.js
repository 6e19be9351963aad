// How much room there is: the same steps as in shell.css.

/** Whether the list of drafts, and the panel, stand beside the mail; else they are sheets over it. */
export const room = {
  drafts: window.matchMedia("(min-width: 75rem)"),
  panel: window.matchMedia("(min-width: 56rem)"),
};
