// Whose copy is seen, and the ways to other people's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, open, picture } from "./harness.mjs";

const draft = "2016-04-27-westminster-hall-debate";
const who = ({ page }) => page.getByRole("region", { name: "Person" });
const seen = (it, name) => who(it).getByText(name, { exact: true }).waitFor();
const pick = async (it, words) => {
  await it.page.getByRole("button", { name: "Pick" }).click();
  await it.page.getByRole("menuitem", { name: words }).click();
};

test("the next person is a click away, and the one before", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  await it.page.getByRole("button", { name: "Next person" }).click();
  await it.see("Dear Harriet");
  await who(it).getByText("2 of 17").waitFor();
  await it.page.getByRole("button", { name: "Previous person" }).click();
  await it.see("Dear Imogen");
  await who(it).getByText("1 of 17").waitFor();
});

test("whoever goes on after the last person begins again, and however fast one goes no step is lost", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  const next = it.page.getByRole("button", { name: "Next person" });
  for (let step = 0; step < 5; step += 1) await next.click();
  await who(it).getByText("6 of 17").waitFor();
  await pick(it, "The last person");
  await who(it).getByText("17 of 17").waitFor();
});

test("the largest copy is found, and the page says why it is this one", async (t) => {
  const long = "Alexandrina ".repeat(12).trim();
  const it = await open(t, { draft, edit: (work) => work.replace("lists/members.csv", "Owen,Pryce", `${long},Pryce`) });
  await it.see("Dear Imogen");
  await pick(it, "The worst copy");
  await it.see(`Dear ${long}`);
  await who(it).getByText(/^the largest copy: \d+ KB/).waitFor();
  await picture(it.page, "worst");
});

test("the longest name is found", async (t) => {
  const it = await open(t, { draft });
  await pick(it, "The longest name");
  await seen(it, "Paolo Marchetti, jr.");
});

test("the emptiest row is found", async (t) => {
  const it = await open(t, { draft });
  await pick(it, "The emptiest row");
  await it.see("Dear colleague");
});

test("anybody is somebody who gets it", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  const place = () => who(it).getByText(/^·?\s*\d+ of 17$/).innerText();
  const first = await place();
  // One in seventeen draws is the same person again: five in a row are not.
  for (let draw = 0; draw < 5 && await place() === first; draw += 1) {
    const answer = it.page.waitForResponse(/which=random/);
    await pick(it, "Anybody");
    await (await answer).finished();
    const { key } = await (await answer).json();
    await becomes(it.page, async () => new URL(it.page.url()).hash, new RegExp(key), "the address");
  }
  assert.notEqual(await place(), first);
});

test("search finds a person by a part of the name, and shows the copy", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  const field = it.page.getByRole("combobox", { name: "Find a person by name or address" });
  await field.click();
  await field.fill("brzę");
  await it.page.getByRole("option", { name: /Zofia Brzęska/ }).waitFor();
  await picture(it.page, "search");
  await field.press("Enter");
  await it.see("Dear Zofia");
});

test("search for nobody says that nobody is found", async (t) => {
  const it = await open(t, { draft });
  const field = it.page.getByRole("combobox", { name: "Find a person by name or address" });
  await field.click();
  await field.fill("nobody of this name");
  await it.page.getByText(/^Nobody with/).waitFor();
});

test("the panel of people counts who gets it, and tells who does not and why", async (t) => {
  const it = await open(t, { draft });
  await it.page.getByRole("tab", { name: /^People/ }).click();
  const panel = it.page.getByRole("tabpanel", { name: /^People/ });
  await panel.getByRole("heading", { name: "17 people get it" }).waitFor();
  await panel.getByRole("heading", { name: "1 row gets nothing" }).waitFor();
  await panel.getByText("the sandbox", { exact: true }).waitFor();
  await panel.locator("summary").first().click();
  await panel.getByRole("button", { name: /members, line 2/ }).waitFor();
  assert.doesNotMatch(await panel.innerText(), /\[object|\bnull\b|undefined/);
  await picture(it.page, "people");
});

test("the panel of people opens the copy of the one who is chosen", async (t) => {
  const it = await open(t, { draft });
  await it.page.getByRole("tab", { name: /^People/ }).click();
  await it.page.getByRole("button", { name: /^Owen Pryce/ }).click();
  await it.see("Dear Owen");
});

test("the fields of the person are shown, printed ones apart, empty ones named", async (t) => {
  const it = await open(t, { draft });
  await pick(it, "The emptiest row");
  await it.page.getByRole("tab", { name: /^Details/ }).click();
  const printed = it.page.getByRole("table", { name: "Used in this mail" });
  await printed.getByRole("row", { name: /first_name/ }).getByText("empty").waitFor();
});

test("two people stand side by side, and every place at which their mails differ is counted and marked", async (t) => {
  const it = await open(t, { draft, is: { viewport: { width: 1600, height: 900 } } });
  await it.see("Dear Imogen");
  await it.page.getByRole("button", { name: "Compare" }).click();
  const bar = it.page.getByRole("group", { name: "Two people side by side" });
  await bar.getByText(/^\d+ places? differs?/).waitFor();
  const other = it.page.frameLocator("#stage iframe:not(.coming) >> nth=1");
  await other.getByText("Dear Harriet").waitFor();
  const marked = () => it.mail.locator("html").evaluate(() => [...CSS.highlights.values()].flatMap((all) => [...all]).map(String));
  await becomes(it.page, async () => (await marked()).includes("Imogen"), true, "Imogen is marked");
  await picture(it.page, "compare");
  await bar.getByRole("button", { name: "Next difference" }).click();
  await bar.getByText(/^Place 1 of/).waitFor();
  await bar.getByRole("button", { name: "Swap" }).click();
  await it.see("Dear Harriet");
  await bar.getByRole("button", { name: "Stop comparing" }).click();
  await bar.waitFor({ state: "hidden" });
  assert.equal(await it.page.locator("#stage iframe:visible").count(), 1);
});

test("a reload brings back the same person, the same width and the same part of the mail", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  await it.page.getByRole("button", { name: "Next person" }).click();
  await it.see("Dear Harriet");
  await it.page.getByRole("button", { name: /^Phone/ }).click();
  await it.page.getByRole("tab", { name: "Plain text" }).click();
  await it.page.reload();
  await it.page.getByLabel("Plain text").getByText("Dear Harriet").waitFor();
  await it.page.getByRole("tab", { name: "Mail", exact: true }).click();
  assert.equal(await it.page.getByRole("button", { name: /^Phone/ }).getAttribute("aria-pressed"), "true");
});
