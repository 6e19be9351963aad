// Whatever stands in a draft, a list or a template: nothing of it runs, and nothing of it leaves the machine.

import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { open, picture, preview, workspace } from "./harness.mjs";

const slug = "2016-04-27-westminster-hall-debate";
const file = `drafts/${slug}.md`;
const elsewhere = "https://elsewhere.example";
const caught = "window.caught = top.caught = parent.caught = true";
const hostile = `
<script>${caught}</script>
<img src="x" onerror="${caught}">
<svg onload="${caught}"><script>${caught}</script></svg>
<a href="${elsewhere}/top" target="_top">a way out of the page</a>
<a href="${elsewhere}/blank" target="_blank">a way into a new window</a>
<form action="${elsewhere}/form" target="_top"><button>a form</button></form>
<img src="${elsewhere}/pixel.png" alt="">
<iframe src="${elsewhere}/frame"></iframe>
<object data="${elsewhere}/object"></object>
<video src="${elsewhere}/video" autoplay></video>
<link rel="stylesheet" href="${elsewhere}/sheet.css">
<link rel="prefetch" href="${elsewhere}/prefetch">
<link rel="dns-prefetch" href="//elsewhere.example">
<style>@import url(${elsewhere}/import.css); .paper { background-image: url(${elsewhere}/ground.png) }</style>
<meta http-equiv="refresh" content="0; url=${elsewhere}/refresh">
`;
const scriptLink = `<a href="javascript:${caught}">a script behind a link</a>`;
const refused = [/404 .*\/x\)$/, /Content Security Policy/, /sandboxed/, /Blocked/, /ERR_BLOCKED/, /Unsafe attempt/];

/** Whether anything ran, in the page or in the mail. */
const ran = async ({ page, mail }) => [
  await page.evaluate(() => window.caught ?? false),
  await mail.locator("html").evaluate(() => window.caught ?? false),
];

/** Tries every link and button of the mail, and proves that one is still on the page. */
async function tryAll(it) {
  const before = it.page.url();
  for (const name of ["a way out of the page", "a way into a new window", "a form"]) {
    for (const how of [{}, { button: "middle" }, { modifiers: ["Control"] }, { modifiers: ["Shift"] }]) {
      await it.mail.getByText(name, { exact: true }).first().click(how);
    }
  }
  // Whatever was under way has had its turn when the page has answered once more.
  await it.page.getByRole("button", { name: "Next person" }).click();
  await it.see("Dear Harriet");
  assert.equal(new URL(it.page.url()).pathname, new URL(before).pathname);
  assert.deepEqual(await ran(it), [false, false]);
  assert.deepEqual(it.page.context().pages().length, 1);
}

test("a template full of scripts and ways out runs nothing and leads nowhere", async (t) => {
  const it = await open(t, {
    draft: slug,
    expected: refused,
    edit: (work) => work.replace("templates/layout.html.hbs", "</body>", `${hostile}</body>`),
  });
  await it.see("Dear Imogen");
  assert.ok(await it.mail.locator("script").count() > 0, "the script never came to the frame: this proves nothing");
  await tryAll(it);
  await picture(it.page, "hostile-template");
});

test("a draft full of scripts is refused line by line, and shown as text", async (t) => {
  const it = await open(t, {
    draft: slug,
    edit: async (work) => work.save(file, `${await work.read(file)}\n${hostile.trim().split("\n").join("\n\n")}\n`),
  });
  const alert = it.page.getByRole("main").getByRole("alert");
  await alert.getByText("HTML is off in drafts").first().waitFor();
  await alert.getByText(`<script>${caught}</script>`).first().waitFor();
  await alert.getByRole("button", { name: /, line \d+$/ }).first().click();
  await it.page.getByRole("region", { name: "Source" }).getByText(`<script>${caught}</script>`).first().waitFor();
  assert.equal(await it.page.evaluate(() => window.caught ?? false), false);
  await picture(it.page, "hostile-draft");
});

test("a link to a script is refused in a draft and in a template", async (t) => {
  for (const [path, from, to] of [[file, "Speaking in", "[Speaking](javascript:alert`1`) in"], ["templates/layout.html.hbs", "</body>", `${scriptLink}</body>`]]) {
    const it = await open(t, { draft: slug, edit: (work) => work.replace(path, from, to) });
    await it.page.getByText("a mail cannot link to javascript:").first().waitFor();
    assert.equal(await it.page.evaluate(() => window.caught ?? false), false);
  }
});

test("a subject with markup is text, wherever the page shows it", async (t) => {
  const subject = `<img src=x onerror="${caught}"><script>${caught}</script> & more`;
  const it = await open(t, { draft: slug, edit: async (work) => work.save(file, (await work.read(file)).replace(/^subject: .*$/m, `subject: '${subject}'`)) });
  await it.page.getByRole("heading", { level: 1 }).getByText(subject).waitFor();
  await it.page.getByRole("navigation", { name: "Drafts and rehearsals" }).getByText(subject).waitFor();
  await it.page.getByRole("region", { name: "In the inbox" }).getByText(subject).filter({ visible: true }).first().waitFor();
  await it.page.getByRole("tab", { name: "Headers" }).click();
  await it.page.getByRole("row", { name: /^Subject/ }).getByText(subject).waitFor();
  assert.deepEqual(await it.page.evaluate(() => [window.caught ?? false, document.querySelectorAll("script:not([src]), img").length]), [false, 0]);
});

test("a name with markup in a list is text, in the page and in the mail", async (t) => {
  const name = "<img src=x onerror=parent.caught=1><script>parent.caught=1</script>";
  const it = await open(t, { draft: slug, edit: (work) => work.replace("lists/press.csv", "Imogen", name) });
  await it.see(`Dear ${name}`);
  await it.page.getByRole("region", { name: "Person" }).getByText(name).first().waitFor();
  await it.page.getByRole("tab", { name: /^Details/ }).click();
  await it.page.getByRole("table", { name: "Used in this mail" }).getByText(name).waitFor();
  await it.page.getByRole("tab", { name: /^People/ }).click();
  await it.page.getByRole("tabpanel", { name: /^People/ }).getByText(name).first().waitFor();
  await it.press("/");
  await it.page.keyboard.type("<img");
  await it.page.getByRole("option", { name }).waitFor();
  assert.deepEqual(await ran(it), [false, false]);
  await picture(it.page, "hostile-name");
});

test("a mail that a rehearsal has caught runs nothing either", async (t) => {
  const mail = [
    "From: Somebody <somebody@example.org>", "To: Ann Example <ann@example.org>", "Subject: <script>parent.caught=1</script>", "Date: Thu, 26 Nov 2026 10:00:00 +0000",
    "MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", "", `<!doctype html><html><head></head><body><p>Dear Ann</p>${scriptLink}${hostile}</body></html>`, "",
  ].join("\r\n");
  const it = await open(t, { args: ["--sandbox"], expected: refused, edit: (work) => work.save(".announce/sandbox/000001.eml", mail) });
  await it.page.getByRole("tab", { name: "Rehearsals 1" }).click();
  await it.page.getByRole("tabpanel", { name: "The list" }).getByRole("link").first().click();
  await it.see("Dear Ann");
  assert.ok(await it.mail.locator("script").count() > 0, "the script never came to the frame: this proves nothing");
  const before = it.page.url();
  for (const name of ["a script behind a link", "a way out of the page", "a way into a new window", "a form"]) {
    await it.mail.getByText(name, { exact: true }).first().click();
  }
  assert.deepEqual(await ran(it), [false, false]);
  assert.equal(it.page.url(), before);
});

test("a link of a mail says where it leads, and leads nowhere", async (t) => {
  const it = await open(t, { draft: slug });
  await it.see("Dear Imogen");
  await it.mail.getByRole("link", { name: /Unsubscribe/ }).click();
  await it.page.getByText(/The link leads to mailto:unsubscribe@appg\.example/).first().waitFor();
});

/** A request as a program on this machine would make it that is not our page. */
function ask(address, { path = address.pathname, host = address.host, method = "GET" } = {}) {
  return new Promise((tell, fail) => {
    http.request({ host: address.hostname, port: address.port, path, method, headers: { host }, agent: false }, (answer) => {
      const bytes = [];
      answer.on("data", (chunk) => bytes.push(chunk));
      answer.on("end", () => tell({ status: answer.statusCode, body: Buffer.concat(bytes).toString(), headers: answer.headers }));
    }).on("error", fail).end();
  });
}

test("without the token there is nothing, and nothing tells what there is", async (t) => {
  const { address } = await preview(t, await workspace(t));
  assert.equal((await ask(address)).status, 200);
  const token = address.pathname.replaceAll("/", "");
  const wrong = token.slice(0, -1) + (token.endsWith("a") ? "b" : "a");
  for (const path of ["/", "/favicon.ico", "/api/drafts", "/page/main.js", `/${wrong}/`, `/${wrong}/api/drafts`, `/${token.slice(0, -1)}/`, `/x${address.pathname}`, `${address.pathname}../api/drafts`, `/${token.toUpperCase()}/`]) {
    const { status, body } = await ask(address, { path });
    assert.deepEqual({ path, status, body }, { path, status: 404, body: "" });
  }
  assert.match(token, /^[a-z2-7]{20,}$/);
});

test("a page of another name for this machine gets nothing, even with the token", async (t) => {
  const { address } = await preview(t, await workspace(t));
  for (const host of ["elsewhere.example", `elsewhere.example:${address.port}`, "127.0.0.1.elsewhere.example", "127.0.0.1:1"]) {
    for (const path of [address.pathname, `${address.pathname}api/drafts`, `${address.pathname}events`]) {
      const { status, body } = await ask(address, { path, host });
      assert.deepEqual({ host, path, status, body }, { host, path, status: 404, body: "" });
    }
  }
});

test("no other site can frame the page or a mail, and no mail is kept by the browser", async (t) => {
  const { address } = await preview(t, await workspace(t));
  const page = await ask(address);
  assert.match(page.headers["content-security-policy"], /frame-ancestors 'none'/);
  const { body } = await ask(address, { path: `${address.pathname}api/drafts/${slug}` });
  const mail = await ask(address, { path: `${address.pathname}${JSON.parse(body).copy.path}/page` });
  assert.match(mail.headers["content-security-policy"], /frame-ancestors 'self'; sandbox allow-same-origin/);
  assert.match(mail.headers["cache-control"], /no-store/);
  assert.equal(page.headers["access-control-allow-origin"], undefined);
});
