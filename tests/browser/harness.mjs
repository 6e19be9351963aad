// What every test of the page in a browser begins with: a workspace of its own, `announce preview`
// on it, and a browser that fails the test when the page complains or asks anything of the outside.
//
// ANNOUNCE is the program (default: target/debug/announce), PICTURES the folder of the
// screenshots, REPOSITORY where the samples are, CHROMIUM the browser.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const repository = process.env.REPOSITORY ?? resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const announce = resolve(process.env.ANNOUNCE ?? join(repository, "target/debug/announce"));
const pictures = resolve(process.env.PICTURES ?? join(repository, "target/browser"));
const patience = 10_000;

const launched = new Map();
const outside = { calls: 0, server: createServer((socket) => { outside.calls += 1; socket.destroy(); }) };
after(async () => {
  for (const browser of launched.values()) await (await browser).close();
  outside.server.close();
});

const ends = new WeakMap();

/** What has to be done when the test ends, the last thing first. */
function atEnd(t, act) {
  if (!ends.has(t)) {
    ends.set(t, []);
    t.after(async () => {
      const failures = [];
      for (const end of ends.get(t).reverse()) await Promise.resolve().then(end).catch((failure) => failures.push(failure));
      if (failures.length > 0) throw failures[0];
    });
  }
  ends.get(t).push(act);
}

/** The browser of a light or a dark machine; one of each is enough for all tests of a file. */
function browser(machine) {
  if (!launched.has(machine)) launched.set(machine, launch(machine));
  return launched.get(machine);
}

/** A browser for which every name that a mail may hold is a server that counts who calls. */
async function launch(machine) {
  if (!outside.server.listening) await once(outside.server.listen(0, "127.0.0.1"), "listening");
  const { port } = outside.server.address();
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      `--blink-settings=preferredColorScheme=${machine === "dark" ? 0 : 1}`,
      `--host-resolver-rules=MAP *.example 127.0.0.1:${port}, MAP *.example.org 127.0.0.1:${port}`,
      ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
    ],
  });
}

/** A workspace in a temporary folder: the samples of the repository, which `edit(workspace)` may change. */
export async function workspace(t, edit = async () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "announce-browser-"));
  atEnd(t, () => rm(folder, { recursive: true, force: true }));
  for (const name of ["announce.toml", "drafts", "templates", "lists"]) {
    await cp(join(repository, name), join(folder, name), { recursive: true });
  }
  const it = {
    folder,
    read: (path) => readFile(join(folder, path), "utf8"),
    /** Saves as an editor does: a new file takes the place of the old one. */
    async save(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, `${path}~`), text);
      await rename(join(folder, `${path}~`), join(folder, path));
    },
    async replace(path, from, to) {
      const text = await it.read(path);
      assert.ok(text.includes(from), `${path} has no ${from}`);
      await it.save(path, text.replace(from, to));
    },
    remove: (path) => rm(join(folder, path)),
    run: (...args) => promisify(execFile)(announce, ["-C", folder, ...args]),
  };
  await edit(it);
  return it;
}

/** Starts `announce preview` and gives the address that it prints, and what ends it before the test does. */
export async function preview(t, { folder }, ...args) {
  const program = spawn(announce, ["-C", folder, "preview", "--no-open", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((tell) => program.once("close", tell));
  atEnd(t, async () => {
    program.kill();
    await ended;
  });
  let complaint = "";
  program.stderr.on("data", (bytes) => { complaint += bytes; });
  const lines = createInterface({ input: program.stdout });
  const address = await new Promise((tell, fail) => {
    lines.once("line", tell);
    program.once("error", fail);
    program.once("close", () => fail(new Error(`announce preview ended: ${complaint}`)));
  });
  return { address: new URL(address.match(/http:\S+/)[0]), stop: () => program.kill() };
}

/**
 * Opens the preview of a workspace. `expected` are the complaints of the browser that this test is about;
 * any other one fails it. A `machine` is light or dark. `is` gives more to the browser: `viewport`, `hasTouch`.
 */
export async function open(t, { edit, args = [], draft, hash = "", expected = [], machine = "light", is = {} } = {}) {
  const work = await workspace(t, edit);
  const { address, stop } = await preview(t, work, ...(draft ? [draft] : []), ...args);
  const context = await (await browser(machine)).newContext({ viewport: { width: 1440, height: 900 }, colorScheme: null, ...is });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const asked = watch(t, context, page, address, expected);
  atEnd(t, () => context.close());
  if (hash) address.hash = hash;
  await page.goto(address.href);
  const it = { ...work, page, address, asked, stop, mail: page.frameLocator("#stage iframe:not(.coming)").first() };
  it.see = (words) => it.mail.getByText(words).first().waitFor();
  it.press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  return it;
}

/** Collects what the page asks for and complains of; at the end of the test both have to be as they should. */
function watch(t, context, page, address, expected) {
  const asked = [];
  const complaints = [];
  const before = outside.calls;
  // A request that the policy of the mail stopped was never made.
  context.on("requestfailed", (request) => { if (request.failure()?.errorText === "csp") asked.splice(asked.indexOf(request.url()), 1); });
  context.on("request", (request) => asked.push(request.url()));
  context.on("page", (other) => complaints.push(`another page was opened: ${other.url()}`));
  page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
  page.on("crash", () => complaints.push("the page crashed"));
  page.on("dialog", (dialog) => { complaints.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("console", (message) => {
    // The page itself is quiet: whatever it has to say stands on it.
    const text = `${message.type()}: ${message.text()} (${message.location().url})`;
    if (!expected.some((pattern) => pattern.test(text))) complaints.push(text.replace(/^(.{160}).*( \(.*)$/s, "$1…$2"));
  });
  atEnd(t, () => {
    assert.deepEqual([...new Set(complaints)], [], "the browser complained");
    assert.equal(outside.calls, before, "somebody outside was called");
    for (const url of asked.filter((it) => !it.startsWith("data:"))) {
      const { origin, pathname, href } = new URL(url);
      assert.equal(origin, address.origin, `the outside was asked: ${url}`);
      assert.ok(pathname.startsWith(address.pathname), `asked without the token: ${url}`);
      assert.doesNotMatch(decodeURIComponent(href), /@/, "an address of a person stands in a URL");
    }
  });
  return asked;
}

/** Keeps a picture of what is seen now. */
export async function picture(page, name) {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: "disabled" });
}

/** Asks again with every frame the browser paints, until `question()` gives the answer. */
export async function becomes(page, question, answer, what = "it") {
  const until = Date.now() + patience;
  let last;
  do {
    last = await question().catch((error) => error.message.split("\n")[0]); // a frame that is just being swapped
    if (answer instanceof RegExp ? answer.test(last) : isSame(last, answer)) return;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  } while (Date.now() < until);
  assert.fail(`${what} stays ${JSON.stringify(last)}, and should be ${answer instanceof RegExp ? answer : JSON.stringify(answer)}`);
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
