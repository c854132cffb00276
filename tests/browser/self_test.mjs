// Tries the browser checks themselves: a small server gives one page that keeps every promise and,
// for each check, a page that breaks just that one. A check that cannot fail would be found here.
// With --specimen FOLDER it also tries the pages that build/web_specimen_test wrote there (every
// block of the frame, in three languages) under the policy the program serves.
//
//   node tests/browser/self_test.mjs [--specimen FOLDER] [--shots FOLDER]

import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { LANGS, launch, run, sign_in } from "./browser.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const dist = join(root, "assets", "dist");
const TYPES = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const good = (lang) => ({
  head: '<link rel="stylesheet" href="/s/regia.css"><link rel="icon" href="/s/favicon.svg">',
  skip: '<a class="visually-hidden-focusable" href="#main">Salta</a>',
  body: '<p>Un testo <a href="/">con un collegamento</a>.</p><button class="btn btn-primary" type="button">Vai</button>',
  lang,
});
const document = ({ lang, head, skip, body }) =>
  `<!DOCTYPE html>\n<html lang="${lang}"><head><meta charset="utf-8"><title>Prova</title>` +
  `<meta name="viewport" content="width=device-width, initial-scale=1">${head}</head>` +
  `<body><header>${skip}</header><main id="main"><h1>Prova</h1>${body}</main></body></html>\n`;

// One fault each, named by the check that must find it.
const FAULTS = {
  axe: (page) => ({ ...page, body: `${page.body}<img src="/s/favicon.svg">` }),
  errors: (page) => ({ ...page, body: `${page.body}<p style="color:#333">Colore</p>` }),
  foreign: (page) => ({ ...page, body: `${page.body}<img alt="x" src="http://localhost:9/x.png">` }),
  language: (page) => ({ ...page, lang: "de" }),
  large_text: (page) => ({ ...page, body: `${page.body}<p class="rg-num">${"parola ".repeat(12)}</p>` }),
  no_script: (page) => ({ ...page, head: `${page.head}<script src="/adds_text.js" defer></script>` }),
  reflow: (page) => ({ ...page, body: `${page.body}<svg width="350" height="20" aria-hidden="true"></svg>` }),
  skip_link: (page) => ({ ...page, skip: '<a href="/good">Regia</a>' }),
  target_size: (page) => ({ ...page, body: `${page.body}<link rel="stylesheet" href="/tiny.css">` }),
  valid_html: (page) => ({ ...page, body: `${page.body}<p>Aperto<div>dentro</div></p>` }),
  weight: (page) => ({ ...page, body: `${page.body}<img alt="x" src="/heavy.svg">` }),
};
// Says something else at each visit, as a page does that tells when somebody was last here.
let n_visits = 0;
const counting = (page) => ({ ...page, body: `${page.body}<p>Visita ${++n_visits}</p>` });
const EXTRA = {
  "/adds_text.js": ["js", 'document.querySelector("main").append("solo con lo script");'],
  "/tiny.css": ["css", ".btn{min-height:12px!important;padding:0!important;font-size:8px;line-height:1}"],
  "/heavy.svg": [
    "svg",
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><desc>${Array.from(
      { length: 40000 },
      (_, i) => ((i * 2654435761) >>> 0).toString(36),
    ).join(" ")}</desc></svg>`,
  ],
};

const LOGIN =
  '<form method="post" action="/accesso"><input type="hidden" name="csrf" value="x">' +
  '<label for="u">Nome</label><input id="u" name="u"><label for="p">Parola</label>' +
  '<input id="p" name="p" type="password"><button type="submit">Accedi</button></form>';

// The sign-in of the little server: "anna" with "giusta" gets a cookie, others the form again.
async function sign_in_answer(request, response) {
  let body = "";
  for await (const piece of request) body += piece;
  const right = body.includes("u=anna") && body.includes("p=giusta");
  const headers = right ? { "set-cookie": "session=1; HttpOnly" } : {};
  response.writeHead(303, { ...headers, location: right ? "/good" : "/accesso" }).end();
}

function answer_to(path, specimen) {
  const [, lang = "it", rest] = path.match(/^(?:\/(fr|en))?(\/.*)$/);
  if (EXTRA[rest]) return EXTRA[rest];
  const asset = rest.match(/^\/s\/([\w-]+)(?:\.[0-9a-f]{16})?\.(\w+)$/);
  if (asset) {
    const file = join(dist, `${asset[1]}.${asset[2]}`);
    return existsSync(file) ? [asset[2], readFileSync(file)] : null;
  }
  if (rest === "/good") return ["html", document(good(lang))];
  if (rest === "/good/counting") return ["html", document(counting(good(lang)))];
  if (rest === "/specimen" && specimen) {
    return ["html", readFileSync(join(specimen, `specimen.${lang}.html`))];
  }
  if (rest === "/accesso") return ["html", document({ ...good(lang), body: LOGIN })];
  const fault = FAULTS[rest.slice("/fault/".length)];
  return fault ? ["html", document(fault(good(lang)))] : null;
}

function serve(specimen) {
  const server = createServer((request, response) => {
    if (request.method === "POST") return void sign_in_answer(request, response);
    const found = answer_to(new URL(request.url, "http://here").pathname, specimen);
    if (!found) return response.writeHead(404).end("absent");
    response.writeHead(200, {
      "content-type": TYPES[found[0]],
      "content-security-policy": POLICY,
      "content-encoding": "gzip",
    });
    response.end(gzipSync(found[1]));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const argument = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : undefined;
};
const specimen = argument("specimen");
const server = await serve(specimen);
const options = { url: `http://127.0.0.1:${server.address().port}`, shots: argument("shots") };
const browser = await launch();
const found = new Map();
let session;
let refused = false;
try {
  session = await sign_in(browser, options.url, ["anna", "giusta"], "/accesso");
  await sign_in(browser, options.url, ["anna", "sbagliata"], "/accesso").catch(() => (refused = true));
  const tasks = [
    { path: "/good", lang: "it" },
    { path: "/good/counting", lang: "it" },
    ...Object.keys(FAULTS).map((name) => ({ path: `/fault/${name}`, lang: "it" })),
    { path: "/absent", lang: "it" },
    ...(specimen ? LANGS.map((lang) => ({ path: "/specimen", lang })) : []),
  ];
  await run(browser, options, tasks, ({ task, name, faults }) => {
    const key = `${task.path} ${task.lang}`;
    if (!found.has(key)) found.set(key, new Map());
    if (faults.length > 0) found.get(key).set(name, faults);
  });
} finally {
  await browser.close();
  server.close();
}

let n_passed = 0;
let n_failed = 0;
const claim = (holds, sentence) => {
  if (holds) return n_passed++;
  n_failed++;
  console.error(`FAIL ${sentence}`);
};
const sentences = (faults) => [...faults.values()].flat().slice(0, 8).join("\n     ");
for (const [key, faults] of found) {
  const [path] = key.split(" ");
  if (path.startsWith("/good") || path === "/specimen") {
    claim(faults.size === 0, `${key} should be without fault:\n     ${sentences(faults)}`);
  } else {
    const name = path === "/absent" ? "status" : path.slice("/fault/".length);
    claim(faults.has(name), `the check "${name}" does not find its fault (found: ${[...faults.keys()]})`);
  }
}
claim(session.cookies.some((cookie) => cookie.name === "session"), "signing in gives no session");
claim(refused, "a wrong password is taken for a session");
claim(found.size >= Object.keys(FAULTS).length + 3, "not every page was tried");
console.log(`${n_passed} passed, ${n_failed} failed`);
process.exit(n_failed === 0 ? 0 : 1);
