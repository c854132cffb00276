// The interface for programs: what it promises is what it answers.
//
//   node tests/api/run.mjs --url http://127.0.0.1:8420
//
// Against the published schemas of HSDS 3.1 (read from REGIA_SHARED or ../shared, where they are
// kept apart for their licence; without them that part is skipped, saying so): the root, pages of
// services to the end of what there is, single services. Against the server's own /openapi.json:
// every GET without pieces in its path answers, and a wrong number is refused as RFC 9457 says.
// Ends with "N passed, N failed"; exit 1 if any failed.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const SERVICES_EACH = 40; // single services fetched and held against the schema
const PAGES_MAX = 12; // pages of the list read besides the last
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const shared = process.env.REGIA_SHARED ?? join(root, "..", "shared");
const url = process.argv[process.argv.indexOf("--url") + 1]?.replace(/\/$/, "");

let passed = 0;
let failed = 0;
let skipped = 0;

function say(reason, claim) {
  if (reason) failed++;
  else passed++;
  console.log(`${reason ? "not ok" : "ok"} ${passed + failed} - ${claim}`);
  if (reason) console.log(`# ${reason}`);
}

async function get(path) {
  const answer = await fetch(url + path, { headers: { accept: "application/json" } });
  const text = await answer.text();
  const type = answer.headers.get("content-type") ?? "";
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: answer.status, type, json, text };
}

// The object schemas refer to each other by file name.
function schemas() {
  const folder = join(shared, "hsds", "3.1", "schema");
  if (!existsSync(folder)) return undefined;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  for (const name of readdirSync(folder).filter((n) => n.endsWith(".json"))) {
    ajv.addSchema(JSON.parse(readFileSync(join(folder, name), "utf8")), name);
  }
  return (name, value) => {
    const validate = ajv.getSchema(name);
    return validate(value) ? "" : ajv.errorsText(validate.errors).slice(0, 400);
  };
}

function page_faults(page, number) {
  const whole = ["total_items", "total_pages", "page_number", "size"];
  const flags = ["first_page", "last_page", "empty"];
  if (!page || typeof page !== "object") return "no JSON object";
  const missing = whole.filter((k) => !Number.isInteger(page[k]));
  const unflagged = flags.filter((k) => typeof page[k] !== "boolean");
  if (missing.length || unflagged.length) return `not there: ${[...missing, ...unflagged]}`;
  if (!Array.isArray(page.contents)) return "contents is no list";
  if (page.page_number !== number) return `page_number ${page.page_number}, asked ${number}`;
  if (page.contents.length !== page.size) return `size ${page.size}, ${page.contents.length} rows`;
  if (page.empty !== (page.contents.length === 0)) return "empty is not true to contents";
  if (page.first_page !== (number === 1)) return "first_page is wrong";
  return page.last_page === number >= page.total_pages ? "" : "last_page is wrong";
}

async function services(valid) {
  const ids = new Set();
  const first = await get("/services?per_page=50");
  say(first.status === 200 ? page_faults(first.json, 1) : `status ${first.status}`,
    "GET /services is a page of HSDS 3.1");
  if (!first.json?.contents) return;
  const { total_pages: last, total_items: total } = first.json;
  const numbers = new Set([...Array(Math.min(last, PAGES_MAX)).keys()].map((i) => i + 1));
  numbers.add(last);
  for (const number of numbers) {
    const { status, json } = await get(`/services?per_page=50&page=${number}`);
    const faults = status === 200 ? page_faults(json, number) : `status ${status}`;
    const rows = json?.contents ?? [];
    const twice = rows.filter((row) => ids.has(row.id));
    rows.forEach((row) => ids.add(row.id));
    const invalid = rows.map((row) => valid("service.json", row)).find((text) => text);
    say(faults || (twice.length && number !== last ? `seen before: ${twice[0].id}` : "") || invalid,
      `page ${number} of ${last}: ${rows.length} services, each valid and new`);
  }
  say(total > 0 ? "" : "there are none", `the list counts ${total} services`);
  const chosen = [...ids].slice(0, SERVICES_EACH);
  for (const id of chosen) {
    const { status, json } = await get(`/services/${id}`);
    const reason = status !== 200 ? `status ${status}` : valid("service.json", json);
    say(reason || (json.id === id ? "" : `its id is ${json.id}`), `GET /services/${id}`);
  }
}

async function hsds() {
  const valid = schemas();
  if (!valid) {
    skipped++;
    console.log(`ok - HSDS schemas # SKIP ${join(shared, "hsds")} is not here (REGIA_SHARED)`);
    return;
  }
  const { status, json } = await get("/");
  const version = json?.version ?? "";
  say(status !== 200 ? `status ${status}` : /^(HSDS-UK-)?3\.1/.test(version) ? "" :
    `version is ${JSON.stringify(version)}`, "GET / as JSON names the version of HSDS");
  say(json?.openapi_url && json?.profile ? "" : `it says ${JSON.stringify(json)?.slice(0, 200)}`,
    "GET / as JSON names the profile and the OpenAPI document");
  await services(valid);
  const absent = await get("/services/00000000-0000-4000-8000-000000000000");
  say(problem_faults(absent, 404), "a service that is not there is a problem document");
}

function problem_faults({ status, type, json }, wanted) {
  if (status !== wanted) return `status ${status}, not ${wanted}`;
  if (!type.startsWith("application/problem+json")) return `type ${type}`;
  return json?.status === wanted && json?.title ? "" : `it says ${JSON.stringify(json)}`;
}

async function openapi() {
  const { status, json } = await get("/openapi.json");
  say(status === 200 && /^3\./.test(json?.openapi ?? "") ? "" : `status ${status}`,
    "GET /openapi.json is an OpenAPI 3 document");
  const paths = Object.entries(json?.paths ?? {});
  say(paths.length > 0 ? "" : "it is empty", `it describes ${paths.length} paths`);
  for (const [path, item] of paths) {
    if (!item.get || path.includes("{")) continue;
    const needed = (item.get.parameters ?? []).some((p) => p.required);
    const answer = await get(path);
    say(answer.status < 500 && (needed || answer.status !== 404) ? "" : `status ${answer.status}`,
      `GET ${path} is answered (${answer.status})`);
    const number = (item.get.parameters ?? []).find(
      (p) => p.in === "query" && p.schema?.type === "integer");
    if (!number || answer.status >= 400) continue;
    const wrong = await get(`${path}?${number.name}=many`);
    say(wrong.status === 400 ? "" : `status ${wrong.status}`,
      `GET ${path} refuses ${number.name}=many`);
  }
}

if (!url) {
  console.error("run.mjs: --url is missing; see the head of this file");
  process.exit(2);
}
await hsds();
await openapi();
console.log(`API: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exit(failed ? 1 : 0);
