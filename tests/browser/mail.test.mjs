// One mail and its other sides.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { becomes, open, picture } from "./harness.mjs";

const draft = "2016-04-27-westminster-hall-debate";

/** What the mail itself knows of the window that it is in. */
const asMailSees = (mail, question) => mail.locator("html").evaluate((_, query) => [innerWidth, matchMedia(query).matches], question);
const width = ({ mail }) => asMailSees(mail, "(max-width: 600px)");
const isDark = async ({ mail }) => (await asMailSees(mail, "(prefers-color-scheme: dark)"))[1];
const background = ({ mail }) => mail.locator(".paper").first().evaluate((it) => getComputedStyle(it).backgroundColor);
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

test("the draft that is named opens with the mail of its first person", async (t) => {
  const it = await open(t, { draft });
  await it.see(/^Dear/);
  await it.page.getByRole("heading", { level: 1, name: "North Korea’s abused women are not forgotten here" }).waitFor();
  await it.page.getByText(/mail stays in the sandbox/i).first().waitFor();
  assert.match(await it.page.title(), /abused women/);
  await picture(it.page, "mail");
});

test("without a name the newest draft opens", async (t) => {
  const it = await open(t);
  await it.see(/Jieun Baek/);
});

test("--for begins with the copy of that person, and the printed address does not tell who it is", async (t) => {
  const it = await open(t, { draft, args: ["--for", "owen.pryce@example.org"] });
  await it.see("Dear Owen");
  assert.doesNotMatch(decodeURIComponent(it.address.href), /owen|@/i);
});

test("the mail is as wide as a phone, a tablet and a desktop, and its own media query agrees", async (t) => {
  const it = await open(t, { draft });
  for (const [name, wide, isNarrow] of [["Phone", 375, true], ["Tablet", 768, false], ["Desktop", 1024, false]]) {
    await it.page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
    await becomes(it.page, () => width(it), [wide, isNarrow], name);
    assert.equal(await it.page.getByRole("button", { name: new RegExp(`^${name}`) }).getAttribute("aria-pressed"), "true");
    await picture(it.page, `width-${name.toLowerCase()}`);
  }
});

test("dark is what the mail's own media query says, and light again", async (t) => {
  const it = await open(t, { draft });
  await it.see(/^Dear/);
  assert.equal(await isDark(it), false);
  const light = await background(it);
  await press(it.page, "Dark");
  await becomes(it.page, () => isDark(it), true, "dark");
  assert.notEqual(await background(it), light, "the mail has no colours of its own for the dark");
  await picture(it.page, "look-dark");
  await press(it.page, "Light");
  await becomes(it.page, () => isDark(it), false, "dark");
  assert.equal(await background(it), light);
});

test("light stays light on a machine that is dark", async (t) => {
  const it = await open(t, { draft, machine: "dark" });
  await it.see(/^Dear/);
  assert.equal(await isDark(it), false);
  await press(it.page, "Dark");
  await becomes(it.page, () => isDark(it), true, "dark");
  await picture(it.page, "page-dark");
});

test("forced dark darkens the mail without asking it", async (t) => {
  const it = await open(t, { draft });
  await it.see(/^Dear/);
  await press(it.page, "Forced dark");
  const ground = () => it.mail.locator(".paper").first().evaluate((paper) => {
    const [red, green, blue] = getComputedStyle(paper).backgroundColor.match(/\d+/g).map(Number);
    return red + green + blue < 200;
  });
  await becomes(it.page, ground, true, "the ground is dark");
  assert.equal(await isDark(it), false, "the mail was asked for its own dark colours");
  await picture(it.page, "look-forced");
});

test("without pictures the words in their place are seen", async (t) => {
  const it = await open(t, { draft, expected: [/violates.*"img-src 'none'"/] });
  await it.see(/^Dear/);
  const shown = () => it.mail.locator("img").evaluateAll((all) => all.map((img) => img.naturalWidth > 0));
  await becomes(it.page, async () => (await shown()).length > 0 && (await shown()).every(Boolean), true, "every picture shown");
  await press(it.page, "Pictures");
  await becomes(it.page, async () => (await shown()).some(Boolean), false, "a picture shown");
  assert.ok((await it.mail.locator("img").first().getAttribute("alt")).length > 0);
  await picture(it.page, "images-off");
});

test("marks show which words the merge has put in, and leave the mail as it was", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  const words = () => it.mail.locator("body").innerText();
  const before = await words();
  await press(it.page, "Mark fields");
  const mark = it.mail.locator("mark[data-field='first_name']").first();
  await mark.waitFor();
  assert.equal(await mark.innerText(), "Imogen");
  assert.notEqual(await mark.evaluate((it) => getComputedStyle(it).backgroundColor), "rgba(0, 0, 0, 0)");
  assert.equal(await words(), before);
  await picture(it.page, "marks");
});

test("the plain text, the headers and the raw message of the same copy are a click away", async (t) => {
  const it = await open(t, { draft });
  await it.see("Dear Imogen");
  await it.page.getByRole("tab", { name: "Plain text" }).click();
  await it.page.getByLabel("Plain text").getByText("Dear Imogen").waitFor();
  await picture(it.page, "text");
  await it.page.getByRole("tab", { name: "Headers" }).click();
  await it.page.getByRole("row", { name: /^To .*desk@courier\.example/ }).waitFor();
  await it.page.getByRole("row", { name: /^List-Unsubscribe/ }).first().waitFor();
  await picture(it.page, "headers");
  await it.page.getByRole("tab", { name: "Source" }).click();
  await it.page.getByLabel("Source of the message").getByText(/^MIME-Version: 1\.0/m).waitFor();
  await picture(it.page, "source");
});

test("the .eml that is offered is the message, byte for byte", async (t) => {
  const it = await open(t, { draft });
  await it.page.getByRole("tab", { name: "Source" }).click();
  const [download] = await Promise.all([it.page.waitForEvent("download"), it.page.getByRole("link", { name: "Download .eml" }).click()]);
  assert.match(download.suggestedFilename(), new RegExp(`^${draft}-[0-9a-f]{8}\\.eml$`));
  const bytes = [];
  for await (const chunk of await download.createReadStream()) bytes.push(chunk);
  const message = Buffer.concat(bytes).toString();
  await it.run("preview", draft, "--out", "proofs", "--no-input");
  assert.match(message, /^[^\n]+\r\n/);
  const name = (await readdir(`${it.folder}/proofs`)).find((file) => file.endsWith(".eml"));
  const undated = (text) => text.replace(/^Date:.*\r\n/m, "");
  assert.equal(undated(message), undated(await it.read(`proofs/${name}`)));
});

test("the line in the inbox shows sender, subject and what stands beside it", async (t) => {
  const it = await open(t, { draft });
  const inbox = it.page.getByRole("region", { name: "In the inbox" });
  await inbox.getByText("APPG on North Korea").filter({ visible: true }).first().waitFor();
  await inbox.getByText("North Korea’s abused women are not forgotten here").filter({ visible: true }).first().waitFor();
  const [, preheader] = /^preheader: (.*)$/m.exec(await it.read(`drafts/${draft}.md`));
  await inbox.getByText(preheader.slice(0, 30)).filter({ visible: true }).first().waitFor();
});

test("a gauge tells how far the mail is from the size at which Gmail cuts", async (t) => {
  const it = await open(t, { draft });
  await it.page.getByRole("tab", { name: /^Details/ }).click();
  const gauge = it.page.getByRole("meter");
  await gauge.waitFor();
  const now = Number(await gauge.getAttribute("aria-valuenow"));
  assert.ok(now > 5_000 && now < 102_400, `${now} bytes`);
  assert.match(await gauge.getAttribute("aria-valuetext"), /Gmail/);
  await picture(it.page, "details");
});

test("an attachment is named with its size and opens as what it is", async (t) => {
  const it = await open(t, {
    draft,
    async edit(work) {
      await work.save("drafts/files/agenda.txt", "Half past five: tea\n");
      await work.replace(`drafts/${draft}.md`, "\nstatus: draft", "\nattachments: [files/agenda.txt]\nstatus: draft");
    },
  });
  await it.see(/^Dear/);
  await it.page.getByRole("tab", { name: /^Details/ }).click();
  const link = it.page.getByRole("link", { name: "agenda.txt" });
  await link.waitFor();
  const answer = await it.page.request.get(new URL(await link.getAttribute("href"), it.address).href);
  assert.equal(await answer.text(), "Half past five: tea\n");
  assert.match(answer.headers()["content-disposition"], /attachment/);
});

test("a mail that is wider than a phone is said to be", async (t) => {
  const it = await open(t, { draft, hash: `#/drafts/${draft}?width=phone` });
  await it.see("Dear Imogen");
  const note = it.page.getByText(/^This mail is wider than/);
  assert.equal(await note.isVisible(), false);
  await it.replace(`drafts/${draft}.md`, "Dear {{", `| a | b |\n|---|---|\n| ${"x".repeat(80)} | b |\n\nDear {{`);
  await note.waitFor();
});
