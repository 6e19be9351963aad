// Everything can be done with the keyboard, wherever the focus is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, open, picture } from "./harness.mjs";

const draft = "2016-04-27-westminster-hall-debate";
const who = ({ page }) => page.getByRole("region", { name: "Person" });
const isPressed = (it, name) => () => it.page.getByRole("button", { name }).getAttribute("aria-pressed");
const isChosen = (it, name) => () => it.page.getByRole("tab", { name }).getAttribute("aria-selected");

async function begin(t, more = {}) {
  const it = await open(t, { draft, ...more });
  await it.see("Dear Imogen");
  return it;
}

test("j and k, and the arrows, go from person to person", async (t) => {
  const it = await begin(t);
  for (const [key, place, name] of [["j", 2, "Harriet"], ["ArrowRight", 3, "Rafe"], ["k", 2, "Harriet"], ["ArrowLeft", 1, "Imogen"]]) {
    await it.press(key);
    await who(it).getByText(`${place} of 17`).waitFor();
    await it.see(`Dear ${name}`);
  }
});

test("w, l, e and r pick a copy", async (t) => {
  const it = await begin(t);
  for (const [key, which] of [["w", "worst"], ["l", "longest"], ["e", "emptiest"], ["r", "random"]]) {
    const asked = it.page.waitForResponse(new RegExp(`/pick\\?which=${which}`));
    await it.press(key);
    const { key: person } = await (await asked).json();
    await becomes(it.page, async () => it.page.url(), new RegExp(person), "the address");
  }
});

test("/ finds a person, and while one types the other keys are letters", async (t) => {
  const it = await begin(t);
  await it.press("/");
  await it.page.keyboard.type("june");
  await it.press("Enter");
  await it.see("Dear June");
});

test("1, 2 and 3 are the widths, d the colours, i the pictures and m the marks", async (t) => {
  const it = await begin(t, { expected: [/violates.*"img-src 'none'"/] });
  for (const [key, name] of [["1", /^Phone/], ["2", /^Tablet/], ["3", /^Desktop/], ["d", "Dark"], ["d", "Forced dark"], ["d", "Light"], ["m", "Mark fields"]]) {
    await it.press(key);
    await becomes(it.page, isPressed(it, typeof name === "string" ? new RegExp(`^${name}`) : name), "true", `after ${key} ${name}`);
  }
  await it.press("i");
  await becomes(it.page, isPressed(it, "Pictures"), "false", "after i");
});

test("t, h and s are the text, the headers and the source, and again the mail", async (t) => {
  const it = await begin(t);
  for (const [key, name] of [["t", "Plain text"], ["h", "Headers"], ["s", "Source"]]) {
    await it.press(key);
    await becomes(it.page, isChosen(it, name), "true", `after ${key}`);
    await it.press(key);
    await becomes(it.page, isChosen(it, "Mail"), "true", `after ${key} again`);
  }
});

test("f is the checks; n and p go through the findings", async (t) => {
  const it = await begin(t, { draft: "2016-11-02-hidden-revolution", edit: (work) => work.replace("drafts/2016-11-02-hidden-revolution.md", "lists: [members, press]", "lists: [press, members]") });
  const findings = it.page.getByRole("tabpanel", { name: /^Checks/ });
  await findings.getByText(/copies read/).waitFor();
  await it.press("f");
  const chosen = findings.locator("[aria-current=true]");
  await it.press("n");
  await becomes(it.page, () => chosen.count(), 1, "one chosen");
  const first = await chosen.innerText();
  await it.press("n");
  await becomes(it.page, async () => await chosen.innerText() !== first, true, "another one is chosen");
  await it.press("p");
  await becomes(it.page, () => chosen.innerText(), first, "the chosen one");
});

test("c puts the next person beside, and takes it away again", async (t) => {
  const it = await begin(t);
  const bar = it.page.getByRole("group", { name: "Two people side by side" });
  await it.press("c");
  await bar.waitFor();
  await it.press("c");
  await bar.waitFor({ state: "hidden" });
});

test("g and b are the drafts and the rehearsals, and Enter opens what is chosen there", async (t) => {
  const it = await begin(t);
  await it.press("b");
  await becomes(it.page, isChosen(it, /^Rehearsals/), "true", "rehearsals");
  await it.press("g");
  await becomes(it.page, isChosen(it, /^Drafts/), "true", "drafts");
  await becomes(it.page, () => it.page.evaluate(() => document.activeElement.closest("#drafts-list") !== null), true, "the focus is in the list");
  await it.press("Tab", "Enter");
  await it.page.getByRole("heading", { level: 1, name: /A letter to North Korea|Breaking|forgotten women/ }).waitFor();
});

test("? opens the help, which names every key, and Escape closes it", async (t) => {
  const it = await begin(t);
  await it.press("?");
  const help = it.page.getByRole("dialog", { name: "Keys" });
  await help.waitFor();
  const keys = await help.locator("kbd").allInnerTexts();
  for (const key of ["j", "k", "r", "w", "l", "e", "/", "c", "1", "2", "3", "d", "i", "m", "t", "h", "s", "f", "n", "p", "g", "b", "?", "Esc"]) {
    assert.ok(keys.includes(key), `the help does not name ${key}`);
  }
  await picture(it.page, "help");
  await it.press("j");
  await it.press("Escape");
  await help.waitFor({ state: "hidden" });
  await who(it).getByText("1 of 17").waitFor();
});

test("the keys work too while the focus is inside the mail", async (t) => {
  const it = await begin(t);
  await it.mail.getByText("Dear Imogen").click();
  await it.press("j");
  await it.see("Dear Harriet");
  await it.mail.getByText("Dear Harriet").click();
  await it.press("1");
  await becomes(it.page, isPressed(it, /^Phone/), "true", "phone");
  await it.press("?");
  await it.page.getByRole("dialog", { name: "Keys" }).waitFor();
});

test("the keys still work after the mail in which the focus was is swapped for a new one", async (t) => {
  const it = await begin(t);
  await it.mail.getByText("Dear Imogen").click();
  await it.press("j");
  await it.see("Dear Harriet");
  await it.press("j");
  await it.see("Dear Rafe");
});

test("keys held with Ctrl stay the browser's own", async (t) => {
  const it = await begin(t);
  await it.press("Control+j", "Alt+k", "j");
  await who(it).getByText("2 of 17").waitFor();
});

test("with Tab alone every control of the page is reached, and the focus is seen", async (t) => {
  const it = await begin(t);
  await it.page.getByRole("tabpanel", { name: /^Checks/ }).getByText(/copies read/).waitFor();
  const reached = new Set();
  let isBlind = null;
  for (let step = 0; step < 150; step += 1) {
    await it.press("Tab");
    const focus = await it.page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return null;
      const isOutlined = (it) => it !== null && getComputedStyle(it).outlineStyle !== "none" && parseFloat(getComputedStyle(it).outlineWidth) > 0;
      // Of a finding the whole card is outlined; in the frame the mail itself shows the focus.
      const isSeen = element.tagName === "IFRAME" || [element, element.closest("li")].some(isOutlined);
      return { words: `${element.getAttribute("aria-label") ?? ""} ${element.title} ${element.textContent}`, isSeen, what: element.outerHTML.slice(0, 160) };
    });
    if (!focus) continue;
    if (!focus.isSeen) isBlind ??= focus.what;
    reached.add(focus.words);
  }
  const all = [...reached].join("\n");
  for (const name of ["Skip to the mail", "Keys and help", "Drafts", "Previous person", "Next person", "Find a person", "Pick", "Compare", "Phone", "Tablet", "Desktop", "Light", "Dark", "Forced dark", "Pictures", "Mark fields", "Checks"]) {
    assert.ok(all.includes(name), `Tab does not reach ${name}`);
  }
  assert.equal(isBlind, null, "the focus is not seen");
});

test("on a phone f opens the checks over the mail, and Escape gives the mail back", async (t) => {
  const it = await begin(t, { is: { viewport: { width: 375, height: 740 } } });
  const checks = it.page.getByRole("tab", { name: /^Checks/ });
  assert.equal(await checks.isVisible(), false);
  await it.press("f");
  await checks.waitFor();
  await becomes(it.page, () => checks.evaluate((tab) => document.activeElement === tab), true, "the focus");
  await it.press("Escape");
  await becomes(it.page, () => checks.isVisible(), false, "the checks");
});
