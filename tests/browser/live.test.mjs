// What is saved is seen, without a reload and where one was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, open, picture } from "./harness.mjs";

const slug = "2016-04-27-westminster-hall-debate";
const file = `drafts/${slug}.md`;
const alert = ({ page }) => page.getByRole("main").getByRole("alert");

/** Opens the draft, and proves at the end that the page was never loaded again. */
async function live(t, more = {}) {
  const it = await open(t, { draft: slug, ...more });
  await it.see("Dear Imogen");
  await it.page.evaluate(() => { window.isTheSame = true; });
  it.isTheSamePage = async () => assert.ok(await it.page.evaluate(() => window.isTheSame), "the page was loaded anew");
  return it;
}

test("a saved draft is seen at once, scrolled where it was", async (t) => {
  const it = await live(t);
  const scroll = () => it.page.evaluate(() => Math.round(document.querySelector("#scroll").scrollTop));
  await it.mail.getByText("Why it matters").scrollIntoViewIfNeeded();
  await it.page.evaluate(() => { document.querySelector("#scroll").scrollTop = 400; });
  assert.equal(await scroll(), 400);
  await it.replace(file, "Not since our conference in February", "Not since our meeting of last winter");
  await it.see(/Not since our meeting of last winter/);
  assert.equal(await scroll(), 400);
  await it.isTheSamePage();
});

test("while a new version comes the old one stays: no frame is ever empty", async (t) => {
  const it = await live(t);
  await it.page.evaluate(() => {
    window.blanks = 0;
    const look = () => {
      const frame = document.querySelector("#stage iframe:not(.coming)");
      if (!frame?.contentDocument?.body?.textContent.includes("Dear Imogen")) window.blanks += 1;
      requestAnimationFrame(look);
    };
    look();
  });
  for (const words of ["in one", "in two", "in three"]) {
    await it.replace(file, /Speaking [^,]*/.exec(await it.read(file))[0], `Speaking ${words}`);
    await it.see(new RegExp(`Speaking ${words}`));
  }
  assert.equal(await it.page.evaluate(() => window.blanks), 0);
});

test("the subject, the line in the inbox and the list of drafts follow the draft", async (t) => {
  const it = await live(t);
  await it.replace(file, /^subject: .*$/m.exec(await it.read(file))[0], "subject: A subject of today");
  await it.page.getByRole("heading", { level: 1, name: "A subject of today" }).waitFor();
  await it.page.getByRole("region", { name: "In the inbox" }).getByText("A subject of today").filter({ visible: true }).first().waitFor();
  await it.page.getByRole("navigation", { name: "Drafts and rehearsals" }).getByText("A subject of today").waitFor();
  await it.isTheSamePage();
});

test("a saved template is seen in the mail", async (t) => {
  const it = await live(t);
  await it.replace("templates/layout.html.hbs", "</body>", "<p>From the template of today</p></body>");
  await it.see("From the template of today");
  await it.isTheSamePage();
});

test("a saved list is seen: another name, one person more", async (t) => {
  const it = await live(t);
  await it.replace("lists/press.csv", "Imogen", "Isolde");
  await it.see("Dear Isolde");
  await it.save("lists/members.csv", `${await it.read("lists/members.csv")}new.reader@example.org,Newcome,Reader,London,en\n`);
  await it.page.getByRole("region", { name: "Person" }).getByText("1 of 18").waitFor();
  await it.isTheSamePage();
});

test("the person who is looked at stays, although rows move", async (t) => {
  const it = await live(t);
  await it.page.getByRole("button", { name: "Next person" }).click();
  await it.see("Dear Harriet");
  const lines = (await it.read("lists/press.csv")).split("\r\n");
  await it.save("lists/press.csv", [lines[0], ...lines.slice(2), lines[1]].filter(Boolean).join("\r\n"));
  await it.page.getByRole("region", { name: "Person" }).getByText("1 of 17").waitFor();
  await it.see("Dear Harriet");
});

test("saved settings are seen: another name of the sender", async (t) => {
  const it = await live(t);
  await it.replace("announce.toml", 'name = "APPG on North Korea"', 'name = "The Korea Group"');
  await it.page.getByRole("region", { name: "In the inbox" }).getByText("The Korea Group").filter({ visible: true }).first().waitFor();
  await it.isTheSamePage();
});

test("a new draft appears in the list, and one that is gone is said to be gone", async (t) => {
  const it = await live(t);
  const drafts = it.page.getByRole("navigation", { name: "Drafts and rehearsals" });
  await it.save("drafts/2026-12-03-open-evening.md", (await it.read(file)).replace(/^subject: .*$/m, "subject: An open evening"));
  await drafts.getByRole("link", { name: /An open evening/ }).click();
  await it.page.getByRole("heading", { level: 1, name: "An open evening" }).waitFor();
  await it.remove("drafts/2026-12-03-open-evening.md");
  await alert(it).waitFor();
  await drafts.getByRole("link", { name: /An open evening/ }).waitFor({ state: "detached" });
});

test("a broken draft is explained beside its line while the last good mail stays, and its repair is seen", async (t) => {
  const it = await live(t);
  await it.replace(file, "{{default first_name \"colleague\"}}", "{{default first_nmae \"colleague\"}}");
  await alert(it).getByText(/first_nmae/).first().waitFor();
  const where = alert(it).getByRole("button", { name: /, line \d+$/ }).first();
  const [, line] = /line (\d+)/.exec(await where.innerText());
  const lines = (await it.read(file)).split("\n");
  assert.match(lines[line - 1], /first_nmae/);
  assert.match(await alert(it).getByRole("list", { name: "In the source" }).first().innerText(), /first_nmae/);
  await it.see("Dear Imogen");
  await it.page.getByText("The last version that could be made").first().waitFor();
  await picture(it.page, "broken");
  await where.click();
  await it.page.getByRole("region", { name: "Source" }).locator("[aria-current=location]").getByText(/first_nmae/).first().waitFor();
  await picture(it.page, "broken-source");
  await it.replace(file, "first_nmae", "first_name");
  await alert(it).waitFor({ state: "detached" });
  await it.see("Dear Imogen");
  await it.isTheSamePage();
});

test("front matter that cannot be read is explained, and the other drafts still open", async (t) => {
  const it = await live(t);
  const good = await it.read(file);
  await it.save(file, good.replace("kind: statement", "kind: [statement"));
  await alert(it).waitFor();
  await alert(it).getByRole("button", { name: /, line \d+$/ }).first().waitFor();
  await it.page.getByRole("navigation", { name: "Drafts and rehearsals" }).getByText("cannot be read").waitFor();
  await picture(it.page, "broken-front-matter");
  await it.page.getByRole("link", { name: /A letter to North Korea’s exiles/ }).click();
  await it.see(/^Dear/);
  await alert(it).waitFor({ state: "detached" });
});

test("a broken template and broken settings are explained, and their repair is seen", async (t) => {
  const it = await live(t);
  for (const [path, from, to] of [["templates/layout.html.hbs", "</body>", "{{#if}</body>"], ["announce.toml", "[smtp]", "[smpt]"]]) {
    await it.replace(path, from, to);
    await alert(it).getByRole("button", { name: new RegExp(`${path}(, line \\d+)?$`) }).first().waitFor();
    await picture(it.page, `broken-${path.replace(/\W/g, "-")}`);
    await it.replace(path, to, from);
    await alert(it).waitFor({ state: "detached" });
    await it.see("Dear Imogen");
  }
});

test("a draft that was broken from the beginning is explained, and opens when it is mended", async (t) => {
  const it = await open(t, { draft: slug, edit: (work) => work.replace(file, "Dear {{default", "Dear {{defautl") });
  await alert(it).getByText(/defautl/).first().waitFor();
  await picture(it.page, "broken-from-the-beginning");
  await it.replace(file, "defautl", "default");
  await it.see("Dear Imogen");
});

test("rehearsals are seen as they are caught, newest first", async (t) => {
  const it = await live(t);
  await it.page.getByRole("tab", { name: /^Rehearsals/ }).click();
  await it.page.getByText("No rehearsal yet").first().waitFor();
  await picture(it.page, "sandbox-empty");
  await it.run("send", slug, "--yes");
  const list = it.page.getByRole("tabpanel", { name: "The list" });
  await it.page.getByRole("tab", { name: "Rehearsals 17" }).waitFor();
  const [, newest] = /^To: .*<([^>]*)>|^To: (\S+)/m.exec(await it.read(".announce/sandbox/000017.eml"))?.filter(Boolean) ?? [];
  await becomes(it.page, () => list.getByRole("link").count(), 17, "the number of mails");
  assert.match(await list.getByRole("link").first().innerText(), new RegExp(newest));
  await list.getByRole("link").first().click();
  await it.see(/^Dear/);
  const recipient = it.page.getByRole("region", { name: "Recipient" });
  await recipient.getByText(newest).first().waitFor();
  await recipient.getByText("1 of 17").waitFor();
  await picture(it.page, "sandbox");
  await recipient.getByRole("button", { name: "Next mail" }).click();
  await recipient.getByText("2 of 17").waitFor();
  await it.isTheSamePage();
});

test("when the program ends the page says so", async (t) => {
  const it = await live(t, { expected: [/net::ERR_/] });
  it.stop();
  await it.page.getByText(/The preview has ended/).filter({ visible: true }).first().waitFor();
  await it.see("Dear Imogen");
  await picture(it.page, "connection-lost");
});
