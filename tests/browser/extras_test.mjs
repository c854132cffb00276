// What assets/dist/regia.js adds to pages that work without it: quick exit, progress, the "/" key,
// copying the address. Pages are given by the test itself; no server is needed.
//
//   node tests/browser/extras_test.mjs

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const script = readFileSync(join(root, "assets", "dist", "regia.js"), "utf8");
const HERE = "https://regia.test"; // the clipboard wants a secure origin
const AWAY = "https://away.test/";
const WAIT_MS = 6000;

const html = (body) =>
  `<!DOCTYPE html><html lang="it"><head><meta charset="utf-8"><title>Prova</title>` +
  `<script src="/regia.js" defer></script></head><body>${body}</body></html>`;

async function open(browser, body, answers = {}) {
  const room = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  await room.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.pathname === "/regia.js") {
      return route.fulfill({ contentType: "text/javascript", body: script });
    }
    const answer = answers[url.pathname];
    if (answer) return route.fulfill({ contentType: "application/json", ...answer() });
    const page = url.origin === HERE && url.pathname === "/page" ? body : "<h1>Altrove</h1>";
    return route.fulfill({ contentType: "text/html; charset=utf-8", body: html(page) });
  });
  const page = await room.newPage();
  await page.goto(`${HERE}/before`);
  await page.goto(`${HERE}/page`);
  return page;
}

async function until(test) {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; ) {
    if (await test().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

const EXIT = `<a href="${AWAY}" data-exit="1">Esci subito</a><input type="search" aria-label="x">`;
const BAR =
  '<div data-progress="/job.json"><span data-progress-done>0</span><progress max="10" value="0"></progress></div>';

const cases = {
  async three_escapes_leave_and_keep_no_step_back(browser) {
    const page = await open(browser, EXIT);
    const steps = await page.evaluate(() => history.length);
    for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
    const left = await until(async () => page.url() === AWAY);
    return left && (await page.evaluate(() => history.length)) === steps;
  },
  async two_escapes_do_not_leave(browser) {
    const page = await open(browser, EXIT);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(300);
    return page.url() === `${HERE}/page`;
  },
  async the_exit_link_leaves_no_step_back(browser) {
    const page = await open(browser, EXIT);
    await page.click("[data-exit]");
    if (!(await until(async () => page.url() === AWAY))) return false;
    await page.goBack();
    return page.url() === `${HERE}/before`;
  },
  async escape_does_nothing_where_there_is_no_exit(browser) {
    const page = await open(browser, "<p>Testo</p>");
    for (let i = 0; i < 4; i++) await page.keyboard.press("Escape");
    await page.waitForTimeout(200);
    return page.url() === `${HERE}/page`;
  },
  async the_bar_follows_the_job(browser) {
    const job = { finished: false, total: 40, done: 30, done_text: "30 su 40" };
    const page = await open(browser, BAR, { "/job.json": () => ({ body: JSON.stringify(job) }) });
    return until(() =>
      page.evaluate(() => {
        const bar = document.querySelector("progress");
        const text = document.querySelector("[data-progress-done]").textContent;
        return bar.value === 30 && bar.max === 40 && text === "30 su 40";
      }),
    );
  },
  async a_finished_job_reloads_the_page(browser) {
    const page = await open(browser, BAR, { "/job.json": () => ({ body: '{"finished":true}' }) });
    await page.evaluate(() => (window.first = true));
    return until(async () => !(await page.evaluate(() => window.first === true)));
  },
  async a_failed_answer_is_asked_again(browser) {
    let n_asked = 0;
    await open(browser, BAR, { "/job.json": () => ({ status: (n_asked++, 503), body: "{}" }) });
    return until(async () => n_asked >= 2);
  },
  async slash_is_off_until_asked_for(browser) {
    const page = await open(
      browser,
      '<div hidden><input type="checkbox" data-shortcuts id="s"><label for="s">x</label></div><input type="search" aria-label="x">',
    );
    const tag = () => page.evaluate(() => document.activeElement.type ?? "");
    await page.keyboard.press("/");
    if ((await tag()) === "search") return false;
    await page.check("#s");
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("/");
    if ((await tag()) !== "search") return false;
    await page.reload();
    await page.keyboard.press("/");
    const value = await page.evaluate(() => document.querySelector("[type=search]").value);
    return (await tag()) === "search" && value === "";
  },
  async the_address_is_copied(browser) {
    const page = await open(
      browser,
      '<button type="button" hidden data-copy="" data-copy-done="Copiato"><span data-copy-said="1">Copia</span></button>',
    );
    if (!(await page.isVisible("button"))) return false;
    await page.click("button");
    const said = await until(async () => (await page.textContent("button")) === "Copiato");
    return said && (await page.evaluate(() => navigator.clipboard.readText())) === page.url();
  },
};

const browser = await launch();
let n_passed = 0;
let n_failed = 0;
for (const [name, attempt] of Object.entries(cases)) {
  const ok = await attempt(browser).catch((error) => {
    console.error(`     ${error.message.split("\n")[0]}`);
    return false;
  });
  if (ok) n_passed++;
  else {
    n_failed++;
    console.error(`FAIL ${name}`);
  }
}
await browser.close();
console.log(`${n_passed} passed, ${n_failed} failed`);
process.exit(n_failed === 0 ? 0 : 1);
