// Makes assets/dist/ from the design library, our rules, our script and our icons. Run by hand when
// the design changes (`npm ci --ignore-scripts && npm run assets`); what it makes is kept in the
// tree, so that building the program needs neither npm nor a network.
//
//   node assets/build.mjs           writes assets/dist/
//   node assets/build.mjs --check   exits 1 if assets/dist/ is not what the sources would give
//
// Fonts are cut with pyftsubset (Debian: fonttools, python3-brotli); their bytes depend on its
// version, so --check looks at everything but the fonts.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { transform as cssTransform } from "lightningcss";
import { transformSync } from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const library = join(root, "node_modules", "bootstrap-italia", "dist");
const out = join(here, "dist");
const LIMIT_GZ = { "regia.css": 15 * 1024, "box.css": 1024, "regia.js": 5 * 1024, "table.js": 5 * 1024, "icons.svg": 15 * 1024, "favicon.svg": 2048 };

// Letters of Italian, French, English and Romanian, with the signs our pages write.
const LETTERS =
  "U+0020-007E,U+00A0,U+00A3,U+00A7,U+00A9,U+00AB,U+00B0,U+00B7,U+00BB,U+00C0-00C2,U+00C6-00CF," +
  "U+00D2-00D4,U+00D7,U+00D9-00DC,U+00E0-00E2,U+00E6-00EF,U+00F2-00F4,U+00F9-00FC,U+00FF," +
  "U+0102-0103,U+0152-0153,U+0178,U+0218-021B,U+2009,U+202F,U+2013-2014,U+2018-2019," +
  "U+201C-201E,U+2022,U+2026,U+2039-203A,U+20AC,U+2190-2193,U+2212";

const lines = (name) =>
  readFileSync(join(here, name), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

function templates(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return templates(path);
    return name.endsWith(".tmpl") ? [path] : [];
  });
}

// The elements pages are made of; the library's rules for bare elements stay for these.
const ELEMENTS = (
  "html body main header footer nav section article aside div span p a b strong em i small mark " +
  "code pre kbd abbr address time ol ul li dl dt dd h1 h2 h3 h4 h5 h6 figure figcaption svg use " +
  "path img table caption thead tbody tfoot tr th td form fieldset legend label input select " +
  "option optgroup textarea button progress output details summary blockquote hr del ins sub sup"
).split(" ");

async function css() {
  const kept = lines("classes.txt");
  const cut = new PurgeCSS();
  const [result] = await cut.purge({
    content: [{ raw: `${ELEMENTS.join(" ")} ${kept.join(" ")}`, extension: "txt" }],
    defaultExtractor: (text) => text.split(/\s+/),
    css: [{ raw: readFileSync(join(library, "css", "bootstrap-italia.min.css"), "utf8") }],
    safelist: { standard: [":root", "is-invalid", "active", "disabled"] },
    // What belongs to a component we do not use, or that regia.css lays out without left and right.
    blocklist: [/^(vjs|splide|it-|nav|bg-|dropdown|form-|input-|breadcrumb|page-|pagination)/],
    fontFace: true,
    keyframes: true,
    variables: true,
  });
  const version = "--bootstrap-italia-version";
  const library_version = JSON.parse(
    readFileSync(join(root, "node_modules", "bootstrap-italia", "package.json"), "utf8"),
  ).version;
  const from_library = result.css
    .replace(/^\uFEFF/, "")
    .replace(/@font-face\s*\{[^}]*\}/g, "")
    .replace(/\/\*![\s\S]*?\*\//g, "");
  const source =
    `:root{${version}:'${library_version}'}\n${from_library}\n` +
    readFileSync(join(here, "regia.css"), "utf8");
  const small = cssTransform({
    filename: "regia.css",
    code: Buffer.from(source),
    minify: true,
    targets: { chrome: 100 << 16, firefox: 100 << 16, safari: 15 << 16 },
  }).code.toString();
  if (small.includes("data:")) throw new Error("regia.css: a data: address would need a weaker policy");
  if (!small.includes(version)) throw new Error(`regia.css: ${version} was lost`);
  return (
    "/*! Regia, AGPL-3.0-or-later. Contains parts of Bootstrap Italia (BSD-3-Clause, " +
    "Team Digitale) and Bootstrap (MIT, The Bootstrap Authors). */\n" + small
  );
}

// The box that other sites embed has a sheet of its own, so that it costs them next to nothing.
const box = () =>
  cssTransform({
    filename: "box.css",
    code: readFileSync(join(here, "box.css")),
    minify: true,
    targets: { chrome: 100 << 16, firefox: 100 << 16, safari: 15 << 16 },
  }).code.toString();

function icons() {
  const sprite = readFileSync(join(library, "svg", "sprites.svg"), "utf8");
  const symbols = lines("icons.txt").map((id) => {
    const found = sprite.match(new RegExp(`<symbol[^>]*\\bid="${id}"[^>]*>[\\s\\S]*?</symbol>`));
    if (!found) throw new Error(`icons.txt: the library has no symbol ${id}`);
    const box = found[0].match(/viewBox="([^"]+)"/)[1];
    const body = found[0].replace(/^<symbol[^>]*>|<\/symbol>$/g, "");
    return `<symbol id="${id}" viewBox="${box}">${body.replace(/>\s+</g, "><").trim()}</symbol>`;
  });
  for (const file of readdirSync(join(here, "icons")).sort()) {
    const text = readFileSync(join(here, "icons", file), "utf8");
    const [, attributes, body] = text.match(/<svg xmlns="[^"]+"([^>]*)>([\s\S]*)<\/svg>/);
    symbols.push(`<symbol id="${file.replace(/\.svg$/, "")}"${attributes}>${body}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

function font(weight, file) {
  const folder = join(library, "fonts", "Titillium_Web");
  execFileSync("pyftsubset", [
    join(folder, `titillium-web-v10-latin-ext_latin-${weight}.ttf`),
    `--unicodes=${LETTERS}`,
    "--flavor=woff2",
    "--layout-features=kern,liga,tnum,lnum",
    `--output-file=${join(out, file)}`,
  ]);
}

function checkTemplateClasses(sheet) {
  // A class of a page that no rule knows is a misspelling, or a rule that was purged.
  const known = new Set([...sheet.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].map((m) => m[1]));
  const unknown = [];
  const src = join(root, "src");
  for (const path of existsSync(src) ? templates(src) : []) {
    const text = readFileSync(path, "utf8").replace(/\{#[\s\S]*?#\}/g, "");
    for (const [, value] of text.matchAll(/\bclass="([^"]*)"/g)) {
      const plain = value.replace(/\S*\{\{[\s\S]*?\}\}\S*/g, " ").replace(/\{%[\s\S]*?%\}/g, " ");
      for (const name of plain.split(/\s+/).filter(Boolean)) {
        if (!known.has(name)) unknown.push(`${path}: class "${name}" has no rule in regia.css`);
      }
    }
  }
  return unknown;
}

const script = (name) =>
  transformSync(readFileSync(join(here, name), "utf8"), { minify: true, target: "es2020", format: "iife" }).code;

const made = {
  "regia.css": await css(),
  "box.css": box(),
  "regia.js": script("regia.js"),
  "table.js": script("table.js"), // the facilitator's page alone loads it
  "icons.svg": icons(),
  "favicon.svg": readFileSync(join(here, "favicon.svg"), "utf8"),
};
const paper = readFileSync(join(here, "paper.css"), "utf8"); // embedded as it stands
let failures = checkTemplateClasses(made["regia.css"] + made["box.css"] + paper);
for (const [name, text] of Object.entries(made)) {
  const n_gz = gzipSync(text, { level: 9 }).length;
  if (n_gz > LIMIT_GZ[name]) failures.push(`${name}: ${n_gz} bytes compressed, limit ${LIMIT_GZ[name]}`);
  console.log(`${name.padEnd(22)} ${String(text.length).padStart(7)} ${String(n_gz).padStart(7)} gz`);
}
if (process.argv.includes("--check")) {
  for (const [name, text] of Object.entries(made)) {
    const path = join(out, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
      failures.push(`assets/dist/${name} is not what the sources give: run npm run assets`);
    }
  }
} else {
  mkdirSync(out, { recursive: true });
  for (const [name, text] of Object.entries(made)) writeFileSync(join(out, name), text);
  font("regular", "titillium-400.woff2");
  font("600", "titillium-600.woff2");
  for (const name of ["titillium-400.woff2", "titillium-600.woff2"]) {
    console.log(`${name.padEnd(22)} ${String(statSync(join(out, name)).size).padStart(7)}`);
  }
}
for (const failure of failures) console.error(failure);
if (process.argv.includes("--check")) {
  console.log(`${Object.keys(made).length} passed, ${failures.length} failed`);
}
process.exit(failures.length ? 1 : 0);
