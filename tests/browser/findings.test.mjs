// What the checks say leads to the line in the source and to the place in the mail.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, open, picture } from "./harness.mjs";

const slug = "2016-04-27-westminster-hall-debate";
const file = `drafts/${slug}.md`;
const sentence = "We meet again on Monday 2 May 2017 at noon.";
const checks = ({ page }) => page.getByRole("tabpanel", { name: /^Checks/ });
const source = ({ page }) => page.getByRole("region", { name: "Source" });

/** The draft with a weekday that is none, at the very end of the letter. */
const withFault = async (work) => work.save(file, `${(await work.read(file)).trimEnd()}\n\n${sentence}\n`);

/** The words of the elements that flash in the mail now. */
const flashing = ({ mail }) => mail.locator("html").evaluate(() => document.getAnimations().map(({ effect }) => effect.target.innerText));

const isInView = ({ page, mail }) => async () => {
  const { y, height } = await mail.getByText(sentence).boundingBox();
  return y >= 0 && y + height <= page.viewportSize().height;
};

async function begin(t, more = {}) {
  const it = await open(t, { draft: slug, edit: withFault, ...more });
  await it.see(sentence);
  await checks(it).getByText(/copies read/).waitFor();
  return it;
}

test("a finding leads to its line in the source and to its place in the mail", async (t) => {
  const it = await begin(t);
  assert.equal(await isInView(it)(), false, "it is seen already: this proves nothing");
  await checks(it).getByRole("button", { name: /Monday/ }).first().click();
  const here = source(it).locator("[aria-current=location]");
  await here.getByText(sentence).waitFor();
  await becomes(it.page, async () => (await flashing(it)).some((words) => words.includes(sentence) && words.length < 2 * sentence.length), true, "the sentence flashes");
  await becomes(it.page, isInView(it), true, "the sentence is in view");
  await picture(it.page, "finding");
});

test("a line of the source leads to its place in the mail", async (t) => {
  const it = await begin(t);
  await checks(it).getByRole("button", { name: /Monday/ }).first().click();
  await source(it).getByText("What she put on record").click();
  await becomes(it.page, async () => (await flashing(it)).includes("What she put on record"), true, "the heading flashes");
});

test("the findings follow what is saved: a mended one is gone, and the counts beside the drafts with it", async (t) => {
  const it = await begin(t);
  const fault = checks(it).getByRole("button", { name: /Monday/ });
  await fault.first().waitFor();
  const badge = it.page.getByRole("link", { name: /abused women/ }).locator(".badge[data-level=error], .badge[data-level=warning]");
  await becomes(it.page, async () => await badge.count() > 0, true, "a count stands beside the draft");
  await it.replace(file, "Monday 2 May 2017", "Tuesday 2 May 2017");
  await fault.first().waitFor({ state: "detached" });
});

test("a fault in a list leads to the row, and the source shows its heading beside it", async (t) => {
  const it = await begin(t, { edit: async (work) => { await withFault(work); await work.replace("lists/members.csv", "owen.pryce@example.org", "owen.pryce@example"); } });
  await checks(it).getByRole("button", { name: /owen\.pryce|address/ }).first().click();
  await source(it).getByText(/^email,first_name/).waitFor();
  await source(it).locator("[aria-current=location]").getByText(/Owen,Pryce/).waitFor();
  await picture(it.page, "finding-in-a-list");
});

test("Escape closes the source again", async (t) => {
  const it = await begin(t);
  await checks(it).getByRole("button", { name: /Monday/ }).first().click();
  await source(it).waitFor();
  await it.press("Escape");
  await source(it).waitFor({ state: "hidden" });
});
