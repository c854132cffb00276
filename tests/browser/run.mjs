// Tries the pages of a running server in a real browser:
//
//   node tests/browser/run.mjs --url http://127.0.0.1:8420 [--only PATH] [--langs it,fr,en]
//                              [--max N] [--shots FOLDER] [--sizes all]
//
// Pages: those of the server's /sitemap.json ([{method, path, page, roles}]) and a few fixed ones.
// Italian, the longest tried, at both sizes; French on the telephone and English on the desktop,
// where only the words differ; --sizes all tries every language at both. For each page: axe, no request elsewhere, no console or policy error, no
// sideways scroll at 320 px or with text at 200 %, same text without script, target size, skip link
// first, valid HTML, weight. Signed in too, for each role that REGIA_BROWSER_LOGINS names:
// '{"admin": ["name", "password"], …}'. Ends with "N passed, N failed"; exit 1 if any failed.

import { LANGS, SIZES, launch, run, sign_in } from "./browser.mjs";

const SIZES_OF = { it: Object.keys(SIZES), fr: ["phone"], en: ["desktop"] };

const FIXED = [
  { path: "/" },
  { path: "/cerca?q=non%20riesco%20pi%C3%B9%20a%20pagare%20l%27affitto%2C%20abito%20a%20Ivrea" },
  { path: "/cerca?q=xyzzy%20plugh" },
  { path: "/pagina-che-non-esiste", status: 404 },
];

function options_of(argv) {
  const options = { langs: LANGS, max: Infinity };
  for (let i = 0; i < argv.length; i += 2) {
    const name = argv[i].replace(/^--/, "");
    const value = argv[i + 1];
    if (!["url", "only", "langs", "max", "shots", "sizes"].includes(name) || value === undefined) {
      throw new Error(`run.mjs: what is "${argv[i]}"? See the head of this file.`);
    }
    options[name] = name === "langs" ? value.split(",") : name === "max" ? Number(value) : value;
  }
  if (!options.url) throw new Error("run.mjs: --url is missing");
  options.url = options.url.replace(/\/$/, "");
  return options;
}

async function site_map(url) {
  const answer = await fetch(`${url}/sitemap.json`);
  if (!answer.ok) throw new Error(`${url}/sitemap.json answered ${answer.status}`);
  const pages = await answer.json();
  if (!Array.isArray(pages)) throw new Error(`${url}/sitemap.json is not a list`);
  return pages.filter((page) => page.page && page.method === "GET" && !page.path.includes("{"));
}

const open_to = (page, role) =>
  role === null
    ? !page.roles?.length || page.roles.includes("public")
    : page.roles?.includes(role) && !page.roles.includes("public");

async function tasks_of(browser, options, pages) {
  const sizes_of = (lang) => (options.sizes === "all" ? Object.keys(SIZES) : SIZES_OF[lang]);
  const logins = JSON.parse(process.env.REGIA_BROWSER_LOGINS ?? "{}");
  const readers = [[null, undefined]];
  for (const [role, login] of Object.entries(logins)) {
    readers.push([role, await sign_in(browser, options.url, login)]);
  }
  const fixed_paths = new Set(FIXED.map((page) => page.path));
  const known = [...FIXED, ...pages].some((page) => page.path === options.only);
  if (options.only && !known) pages = [{ path: options.only, roles: ["public"] }]; // a record's page
  return readers.flatMap(([role, session]) =>
    [...(role ? [] : FIXED), ...pages.filter((p) => open_to(p, role) && !fixed_paths.has(p.path))]
      .filter((page) => !options.only || page.path === options.only)
      .slice(0, options.max)
      .flatMap((page) => options.langs.map((lang) => ({ ...page, role, session, lang, sizes: sizes_of(lang) }))),
  );
}

const options = options_of(process.argv.slice(2));
const browser = await launch();
let n_passed = 0;
let n_failed = 0;
try {
  let pages = [];
  try {
    pages = await site_map(options.url);
  } catch (error) {
    n_failed++;
    console.error(`FAIL site map: ${error.message}`);
  }
  const tasks = await tasks_of(browser, options, pages);
  if (tasks.length === 0) throw new Error("no page to try: is --only a path of the site map?");
  await run(browser, options, tasks, ({ task, size, name, faults }) => {
    if (faults.length === 0) {
      n_passed++;
      return;
    }
    n_failed++;
    console.error(`FAIL ${name} ${task.lang} ${size} ${task.role ?? "public"} ${task.path}`);
    for (const fault of faults.slice(0, 5)) console.error(`     ${fault}`);
    if (faults.length > 5) console.error(`     and ${faults.length - 5} more`);
  });
} finally {
  await browser.close();
}
console.log(`${n_passed} passed, ${n_failed} failed`);
process.exit(n_failed === 0 ? 0 : 1);
