// Drives Chromium over a list of pages and applies checks.mjs to each.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import * as check from "./checks.mjs";

export const LANGS = ["it", "fr", "en"];
export const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? CHROMIUM.find((path) => existsSync(path));
  if (!executablePath) throw new Error("no Chromium found: install it, or name it in CHROMIUM");
  const args = ["--disable-dev-shm-usage"];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return chromium.launch({ executablePath, args });
}

const context = (browser, size, session, options = {}) =>
  browser.newContext({
    viewport: SIZES[size],
    reducedMotion: "reduce",
    storageState: session,
    ...options,
  });

// Sign in and hand back the session's cookies.
export async function sign_in(browser, url, [user, password], path = "/accedi") {
  const room = await context(browser, "desktop");
  try {
    const page = await room.newPage();
    await page.goto(url + path);
    const form = page.locator("main form:has(input[type=password])");
    await form.locator("input:not([type=password]):not([type=hidden])").first().fill(user);
    await form.locator("input[type=password]").first().fill(password);
    await form.locator("button[type=submit]").first().click();
    await page.waitForLoadState();
    if ((await page.locator("main form:has(input[type=password])").count()) > 0) {
      throw new Error(`${user}: still at the sign-in form (${page.url()})`);
    }
    return await room.storageState();
  } finally {
    await room.close();
  }
}

const prefix = (lang) => (lang === "it" ? "" : `/${lang}`);
const file_name = (task, size) =>
  `${task.role ?? "public"}-${task.lang}-${size}-${task.path.replace(/[^\w-]+/g, "_") || "home"}.png`;

// The same answer read by a browser without script. It isn't asked for again: the clock, or a visit
// by the other worker, would change pages that tell when somebody was last seen.
async function text_without_script(browser, address, session, response) {
  const room = await context(browser, "desktop", session, { javaScriptEnabled: false });
  try {
    const page = await room.newPage();
    const answer = { status: response.status(), contentType: "text/html", body: await response.body() };
    await page.route("**", (route) =>
      route.request().isNavigationRequest() ? route.fulfill(answer) : route.continue(),
    );
    await page.goto(address);
    return await check.main_text(page);
  } finally {
    await room.close();
  }
}

async function visit(browser, options, task, size, report) {
  const room = await context(browser, size, task.session);
  try {
    const page = await room.newPage();
    const address = options.url + prefix(task.lang) + task.path;
    const seen = await check.watch(page, new URL(options.url).origin);
    const response = await page.goto(address, { waitUntil: "load" });
    await page.waitForTimeout(50); // late errors of the deferred script
    const say = (name, faults) => report({ task, size, name, faults });
    say("status", check.status(response, task.status));
    say("errors", check.errors(seen));
    say("foreign", check.foreign(seen));
    say("weight", check.weight(seen));
    say("language", await check.language(page, task.lang));
    say("skip_link", await check.skip_link(page));
    say("axe", await check.axe(page));
    say("target_size", await check.target_size(page));
    say("large_text", await check.large_text(page));
    if (options.shots) {
      mkdirSync(options.shots, { recursive: true });
      await page.screenshot({ path: join(options.shots, file_name(task, size)), fullPage: true });
    }
    if (size === "desktop") {
      say("valid_html", await check.valid_html(await response.text()));
      const bare = await text_without_script(browser, address, task.session, response);
      say("no_script", check.same_text(await check.main_text(page), bare));
    } else {
      say("reflow", await check.reflow(page));
    }
  } finally {
    await room.close();
  }
}

// Each task: {path, lang, status?, role?, session?, sizes?}. Two at a time: the browser uses a core itself.
export async function run(browser, options, tasks, report) {
  const waiting = tasks.flatMap((task) =>
    (task.sizes ?? Object.keys(SIZES)).map((size) => ({ task, size })),
  );
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        await visit(browser, options, next.task, next.size, report);
      } catch (error) {
        report({ ...next, name: "visit", faults: [String(error.message).split("\n")[0]] });
      }
    }
  };
  await Promise.all([worker(), worker()]);
}
