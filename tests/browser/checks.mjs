// What every page must keep, as functions of an open page. Each returns a list of sentences, one for
// each fault; an empty list is a pass. None needs eval: the policy of the pages forbids it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const LIMITS = { page: 100 * 1024, html: 30 * 1024, script: 5 * 1024 };
const TARGET_PX = 24; // WCAG 2.2, 2.5.8
const ROUNDING_PX = 0.5;

// ---- while the page loads ----------------------------------------------------------------

// Listens from before the first byte: requests to elsewhere, errors, policy violations, bytes.
export async function watch(page, origin) {
  const seen = { foreign: [], errors: [], bytes: { page: 0, html: 0, script: 0 } };
  const wire = await page.context().newCDPSession(page);
  const kinds = new Map();
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  wire.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    kinds.set(requestId, type);
    // Chromium draws its own date field from a data: image; the policy would refuse one of ours.
    const inside = request.url.startsWith("data:") || new URL(request.url).origin === origin;
    if (!inside) seen.foreign.push(request.url);
  });
  wire.on("Network.responseReceived", ({ response, type }) => {
    if (response.status >= 400 && type !== "Document") {
      seen.errors.push(`${response.status} for ${response.url}`);
    }
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId);
    seen.bytes.page += encodedDataLength;
    if (kind === "Document") seen.bytes.html += encodedDataLength;
    if (kind === "Script") seen.bytes.script += encodedDataLength;
  });
  page.on("pageerror", (error) => seen.errors.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // Chromium also logs the status of the page itself, which an error page has on purpose.
    const own_status = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !own_status) seen.errors.push(`console: ${message.text()}`);
  });
  return seen;
}

export const foreign = (seen) => seen.foreign.map((url) => `asks another origin: ${url}`);
export const errors = (seen) => seen.errors;

export const weight = (seen) =>
  Object.entries(LIMITS)
    .filter(([what, limit]) => seen.bytes[what] > limit)
    .map(([what, limit]) => `${what}: ${seen.bytes[what]} bytes transferred, limit ${limit}`);

// ---- once it stands ----------------------------------------------------------------------

export function status(response, expected = 200) {
  const got = response?.status();
  return got === expected ? [] : [`answered ${got} instead of ${expected}`];
}

export async function language(page, lang) {
  const got = await page.evaluate(() => document.documentElement.lang);
  return got === lang ? [] : [`html lang is "${got}" instead of "${lang}"`];
}

export async function axe(page) {
  await page.evaluate(AXE);
  const result = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }),
    AXE_TAGS,
  );
  return result.violations.flatMap((violation) =>
    violation.nodes.map(
      (node) => `axe ${violation.id}: ${node.target.join(" ")}: ${violation.help}`,
    ),
  );
}

// The first Tab must reach a visible link that leads past the header, to a place that exists; or the
// main content itself, where a page has nothing to skip (WCAG 2.4.1).
export async function skip_link(page) {
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.keyboard.press("Tab");
  return page.evaluate(() => {
    const focus = document.activeElement;
    if (focus?.closest("main")) return [];
    const href = focus?.getAttribute("href") ?? "";
    if (!href.startsWith("#")) return [`first Tab reaches ${focus?.outerHTML.slice(0, 80)}`];
    if (!document.getElementById(href.slice(1))) return [`skip link leads to nothing: ${href}`];
    const box = focus.getBoundingClientRect();
    const shown = box.width > 20 && box.height > 20 && box.top >= 0 && box.left >= 0;
    return shown ? [] : ["the skip link is not visible when it has the focus"];
  });
}

// Controls and stand-alone links. A link inside a sentence is excused by the criterion.
export async function target_size(page) {
  return page.evaluate(
    ([least, rounding]) => {
      const faults = [];
      const controls = "button, input:not([type=hidden]), select, textarea, summary, .btn, nav a, header a";
      for (const e of document.querySelectorAll(controls)) {
        const box = e.getBoundingClientRect();
        const style = getComputedStyle(e);
        if (box.width <= 1 || box.height <= 1 || style.visibility === "hidden") continue;
        if (box.width + rounding < least || box.height + rounding < least) {
          const size = `${Math.round(box.width)}×${Math.round(box.height)}`;
          faults.push(`target of ${size} px: ${e.outerHTML.slice(0, 90)}`);
        }
      }
      return faults;
    },
    [TARGET_PX, ROUNDING_PX],
  );
}

async function sideways(page, where) {
  return page.evaluate((where) => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.right > width + 1 && !e.closest(".rg-table-wrap, .rg-log, pre, svg");
    });
    const culprit = wide.at(-1)?.outerHTML.slice(0, 90) ?? "?";
    return [`scrolls sideways ${where}: ${document.documentElement.scrollWidth} > ${width}: ${culprit}`];
  }, where);
}

export async function reflow(page) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const narrow = await sideways(page, "at 320 px");
  await page.setViewportSize(size);
  return narrow;
}

export async function large_text(page) {
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  const large = await sideways(page, "with text at 200 %");
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  return large;
}

// The words of the page, without what only a script can serve and what changes by the second.
export async function main_text(page) {
  return page.evaluate(() => {
    const main = document.querySelector("main")?.cloneNode(true);
    if (!main) return "";
    const extras = "[data-copy], [data-only-script], [data-progress], script, input[data-shortcuts] ~ label";
    main.querySelectorAll(extras).forEach((e) => e.remove());
    return main.textContent.replace(/\s+/g, " ").trim();
  });
}

export function same_text(with_script, without) {
  if (without === "") return ["there is no main text without script"];
  if (with_script === without) return [];
  let at = 0;
  while (with_script[at] === without[at]) at++;
  const from = Math.max(0, at - 20);
  const cut = (text) => text.slice(from, at + 40);
  return [`text differs without script: "${cut(without)}" against "${cut(with_script)}"`];
}

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    "long-title": "off",
    "no-trailing-whitespace": "off",
    "void-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "doctype-style": "off",
    "no-inline-style": "error",
    "no-redundant-role": "off",
    "prefer-native-element": "off",
    "tel-non-breaking": "off",
    "require-sri": "off",
    "valid-id": ["error", { relaxed: true }],
  },
});

export async function valid_html(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) =>
    result.messages.map((m) => `html ${m.ruleId}, line ${m.line}: ${m.message}`),
  );
}
