// The page on a phone, and for those who listen to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, open, picture } from "./harness.mjs";

const draft = "2016-04-27-westminster-hall-debate";
const phone = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };

/** What sticks out of the window at the side; of controls also those that something cuts off. */
const overflow = ({ page }) => page.evaluate(() => {
  const wide = document.documentElement.clientWidth;
  const isClipped = (element) => element.parentElement !== null && element.parentElement !== document.documentElement &&
    (getComputedStyle(element.parentElement).overflowX !== "visible" || isClipped(element.parentElement));
  const out = [...document.querySelectorAll("body *")].filter((element) => {
    const { left, right, width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && (right > wide + 1 || left < -1) &&
      element.checkVisibility({ visibilityProperty: true }) && (element.matches("button, a, input") || !isClipped(element));
  });
  return [document.scrollingElement.scrollWidth > wide && "the page", ...out.map((element) => element.outerHTML.slice(0, 120))].filter(Boolean);
});

async function begin(t) {
  const it = await open(t, { draft, is: phone });
  await it.see("Dear Imogen");
  it.go = (name) => it.page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).tap();
  return it;
}

test("on a phone the mail is there at once, as wide as a phone, and nothing sticks out", async (t) => {
  const it = await begin(t);
  assert.deepEqual(await overflow(it), []);
  const wide = await it.mail.locator("html").evaluate(() => innerWidth);
  assert.equal(wide, 375);
  await picture(it.page, "phone-mail");
});

test("on a phone every part of the page is reached by touch, and nothing sticks out there", async (t) => {
  const it = await begin(t);
  await it.go(/^Drafts/);
  await it.page.getByRole("link", { name: /A letter to North Korea’s exiles/ }).waitFor();
  await it.page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
  assert.deepEqual(await overflow(it), []);
  await picture(it.page, "phone-drafts");
  await it.page.getByRole("link", { name: /A letter to North Korea’s exiles/ }).tap();
  await it.see(/^Dear/);
  await it.go(/^Checks/);
  for (const name of [/^Checks/, /^People/, /^Details/]) {
    await it.page.getByRole("tab", { name }).tap();
    await it.page.getByRole("tabpanel", { name }).waitFor();
    assert.deepEqual(await overflow(it), [], `${name}`);
    await picture(it.page, `phone-${String(name).replace(/\W/g, "").toLowerCase()}`);
  }
  await it.go(/^Mail/);
  for (const name of ["Plain text", "Headers", "Source", "Mail"]) {
    await it.page.getByRole("tab", { name, exact: true }).tap();
    await becomes(it.page, () => it.page.getByRole("tab", { name, exact: true }).getAttribute("aria-selected"), "true", name);
    assert.deepEqual(await overflow(it), [], name);
    await picture(it.page, `phone-tab-${name.toLowerCase().replace(" ", "-")}`);
  }
});

test("on a phone every way to look at the mail and at other people is in reach", async (t) => {
  const it = await begin(t);
  for (const name of ["Find, pick and compare people", "Widths, colours, pictures and marks"]) await it.page.getByRole("button", { name }).tap();
  for (const name of ["Previous person", "Next person", /^Pick/, /^Compare/, /^Phone/, /^Tablet/, /^Desktop/, /^Light/, /^Dark/, /^Forced dark/, /^Pictures/, /^Mark fields/]) {
    const control = it.page.getByRole("button", { name });
    await control.tap({ trial: true });
    const { width, height } = await control.boundingBox();
    assert.ok(width >= 36 && height >= 40, `${name} is too small for a finger: ${width} by ${height}`);
  }
  await it.page.getByRole("combobox", { name: /Find a person/ }).tap({ trial: true });
});

test("on a phone two people stand one below the other, and nothing sticks out", async (t) => {
  const it = await begin(t);
  await it.page.getByRole("button", { name: "Find, pick and compare people" }).tap();
  await it.page.getByRole("button", { name: /^Compare/ }).tap();
  await it.page.frameLocator("#stage iframe:not(.coming) >> nth=1").getByText("Dear Harriet").waitFor();
  assert.deepEqual(await overflow(it), []);
  await picture(it.page, "phone-compare");
});

test("between a phone and a desk nothing sticks out either", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  for (const width of [320, 480, 640, 768, 900, 1024, 1199, 1280, 1600]) {
    await it.page.setViewportSize({ width, height: 800 });
    await it.page.evaluate(() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(tell))));
    assert.deepEqual(await overflow(it), [], `${width} wide`);
    await picture(it.page, `window-${width}`);
  }
});

const needNames = new Set(["button", "link", "tab", "textbox", "searchbox", "combobox", "listbox", "menuitem", "menu", "option", "meter", "dialog", "alertdialog", "region", "navigation", "complementary", "tablist", "tabpanel", "Iframe", "image", "img", "checkbox", "table"]);

/** What a screen reader is told of without a name. */
async function nameless({ page }) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes.filter(({ ignored, role, name }) => !ignored && needNames.has(role?.value) && !name?.value?.trim()).map(({ role, properties }) => `${role.value} ${JSON.stringify(properties?.slice(0, 3))}`);
}

test("a screen reader is told the name of every control, part and picture", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  await it.page.getByRole("tabpanel", { name: /^Checks/ }).getByText(/copies read/).waitFor();
  assert.deepEqual(await nameless(it), [], "checks");
  for (const name of [/^People/, /^Details/]) {
    await it.page.getByRole("tab", { name }).click();
    await it.page.getByRole("tabpanel", { name }).waitFor();
    assert.deepEqual(await nameless(it), [], `${name}`);
  }
  await it.press("c");
  await it.page.getByRole("group", { name: "Two people side by side" }).waitFor();
  assert.deepEqual(await nameless(it), [], "compare");
  await it.press("c", "?");
  await it.page.getByRole("dialog", { name: "Keys" }).waitFor();
  assert.deepEqual(await nameless(it), [], "help");
});

test("a screen reader finds its way by landmarks and headings", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  const { page } = it;
  for (const [role, name] of [["banner"], ["main"], ["navigation", "Drafts and rehearsals"], ["complementary", "About this draft"], ["region", "Person"], ["region", "In the inbox"]]) {
    assert.equal(await page.getByRole(role, name ? { name } : {}).count(), 1, `${role} ${name ?? ""}`);
  }
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  assert.equal(await page.locator("html").getAttribute("lang"), "en-GB");
  await it.press("Tab", "Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "mail", "the first link skips to the mail");
  assert.match(await page.locator("#stage iframe:not(.coming)").getAttribute("title"), /The mail to Imogen Vane/);
});

test("a screen reader is told who comes next, and that a draft broke", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  const told = () => it.page.locator("#said[role=status]").innerText();
  await it.press("j");
  await becomes(it.page, told, /Harriet Quill, 2 of 17/, "what is told");
  await it.replace(`drafts/${draft}.md`, "{{default first_name", "{{default first_nmae");
  await it.page.getByRole("alert").getByText(/first_nmae/).first().waitFor();
});

test("in a window twice as large, as for people who see little, everything still fits", async (t) => {
  const it = await open(t, { draft, is: { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 } });
  await it.see("Dear Imogen");
  assert.deepEqual(await overflow(it), []);
  await picture(it.page, "zoomed");
});
