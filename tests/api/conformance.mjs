// Tries a running HSDS 3.1 API against the standard's own schemas.
//
//   node tests/api/conformance.mjs --url http://127.0.0.1:8420 [--schemas DIR]
//
// DIR holds the folders schema/ and compiled/ of HSDS 3.1 (default ../shared/hsds/3.1, or the
// variable REGIA_SHARED). They are not part of this tree; where they are absent nothing is tried.
// Every validator is first shown records that it must refuse: one that never refused anything
// proves nothing. Ends with "N passed, N failed".
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const option = name => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : undefined;
};
const shared = process.env.REGIA_SHARED ?? path.join(root, '../shared');
const schemas = option('schemas') ?? path.join(shared, 'hsds/3.1');
const base = option('url')?.replace(/\/$/, '');

if (!fs.existsSync(path.join(schemas, 'schema/service.json'))) {
  console.log(`No HSDS schemas at ${schemas}: the API is not tried against them.`);
  console.log('0 passed, 0 failed');
  process.exit(0);
}
if (!base) {
  console.error('Say where the API answers: --url http://127.0.0.1:8420');
  process.exit(2);
}
const { default: Ajv2020 } = await import('ajv/dist/2020.js');
const { default: addFormats } = await import('ajv-formats');

let passed = 0, failed = 0;
const check = (what, ok, detail = '') => {
  if (ok) passed++;
  else { failed++; console.log(`FAILED ${what}${detail ? `: ${detail}` : ''}`); }
  return ok;
};

// ---- validators ----
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
const schemaDir = path.join(schemas, 'schema');
const schemaOf = name => JSON.parse(fs.readFileSync(path.join(schemaDir, name)));
for (const name of fs.readdirSync(schemaDir).filter(f => f.endsWith('.json'))) ajv.addSchema(schemaOf(name), name);
const lists = {};
for (const kind of ['service', 'organization', 'service_at_location'])
  lists[kind] = ajv.compile(JSON.parse(fs.readFileSync(path.join(schemas, `compiled/${kind}_list.json`))));
const valid = (validate, record) =>
  validate(record) ? '' : validate.errors.slice(0, 3).map(e => `${e.instancePath || '/'} ${e.message}`).join('; ');

// ---- 5. negative controls: each rule broken once, refused at its place ----
function negativeControls() {
  const sample = {
    string: 'x', number: 1, boolean: true, array: [], object: {},
  };
  const format = { uuid: 'f3c5b1f0-1111-4111-8111-111111111111', uri: 'https://example.org/', email: 'a@example.org', 'date-time': '2026-11-24T10:00:00Z' };
  for (const kind of ['service', 'organization', 'location', 'service_at_location', 'taxonomy', 'taxonomy_term', 'phone', 'schedule', 'address', 'attribute']) {
    const schema = schemaOf(`${kind}.json`), validate = ajv.getSchema(`${kind}.json`);
    const good = {};
    for (const name of schema.required ?? []) {
      const p = schema.properties[name];
      good[name] = p.enum?.[0] ?? format[p.format] ?? sample[p.type];
    }
    check(`${kind}: the smallest record is taken`, valid(validate, good) === '', valid(validate, good));
    for (const name of schema.required ?? []) {
      const { [name]: gone, ...rest } = good;
      const why = valid(validate, rest);
      check(`${kind} without ${name} is refused by name`, why.includes(name), why);
    }
    for (const [name, p] of Object.entries(schema.properties)) {
      let bad;
      if (p.enum) bad = 'not one of these';
      else if (format[p.format]) bad = 'no such thing';
      else if (p.type === 'number') bad = 'seven';
      else if (p.type === 'string') bad = 7;
      if (bad === undefined) continue;
      const why = valid(validate, { ...good, [name]: bad });
      check(`${kind}.${name} broken is refused at its place`, why.includes(`/${name} `), why);
    }
  }
}

// ---- asking ----
async function ask(where, init = {}) {
  const answer = await fetch(where.startsWith('http') ? where : base + where,
    { headers: { accept: 'application/json' }, redirect: 'manual', ...init });
  const text = await answer.text();
  let body;
  try { body = JSON.parse(text); } catch { body = undefined; }
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', headers: answer.headers, text, body };
}
const query = parameters => new URLSearchParams(parameters).toString();

// ---- 4a. the root ----
async function tryRoot() {
  const a = await ask('/');
  if (!check('/ answers JSON', a.status === 200 && a.body, `${a.status} ${a.type}`)) return;
  for (const name of ['version', 'profile', 'openapi_url']) check(`/ has ${name}`, typeof a.body[name] === 'string');
  check('/ claims 3.1', /^3\.1/.test(a.body.version ?? ''), a.body.version);
  const document = await ask(a.body.openapi_url ?? '/openapi.json');
  check('openapi_url leads to an OpenAPI 3.1 document', document.status === 200 && /^3\.1/.test(document.body?.openapi ?? ''), `${document.status}`);
  check('the OpenAPI document names /services', Boolean(document.body?.paths?.['/services']?.get));
}

// ---- 4b. pages of a list ----
function checkEnvelope(where, page, number) {
  const integers = ['total_items', 'total_pages', 'page_number', 'size'], flags = ['first_page', 'last_page', 'empty'];
  for (const name of integers) check(`${where}: ${name} is an integer`, Number.isInteger(page?.[name]), `${page?.[name]}`);
  for (const name of flags) check(`${where}: ${name} is a boolean`, typeof page?.[name] === 'boolean', `${page?.[name]}`);
  if (!check(`${where}: contents is an array`, Array.isArray(page?.contents))) return;
  check(`${where}: size is the length of contents`, page.size === page.contents.length);
  check(`${where}: empty says so`, page.empty === (page.contents.length === 0));
  check(`${where}: page_number is ${number}`, page.page_number === number);
  check(`${where}: first_page`, page.first_page === (number === 1));
  check(`${where}: last_page`, page.last_page === (number >= page.total_pages));
}

async function tryList(where, kind) {
  const first = (await ask(`${where}?per_page=1`)).body;
  if (!check(`${where} answers`, first)) return [];
  const size = Math.max(1, Math.min(100, Math.ceil(first.total_items / 7)));
  const pages = Math.ceil(first.total_items / size);
  const ids = [];
  for (let number = 1; number <= pages; number++) {
    const page = (await ask(`${where}?${query({ per_page: size, page: number })}`)).body;
    if ([1, Math.ceil(pages / 2), pages].includes(number)) checkEnvelope(`${where} page ${number}`, page, number);
    const validate = lists[kind] ?? ajv.getSchema(`${kind}.json`);
    const wrong = (page?.contents ?? []).map(item => valid(validate, item)).filter(Boolean);
    check(`${where} page ${number}: every item is valid`, wrong.length === 0, wrong[0]);
    ids.push(...(page?.contents ?? []).map(item => item.id));
  }
  check(`${where}: sizes add up to total_items`, ids.length === first.total_items, `${ids.length} of ${first.total_items}`);
  check(`${where}: no id twice`, new Set(ids).size === ids.length);
  checkEnvelope(`${where} past the end`, (await ask(`${where}?${query({ per_page: size, page: pages + 5 })}`)).body, pages + 5);
  return ids;
}

// ---- 4c. single records ----
async function tryRecords(where, kind, ids) {
  const step = Math.max(1, Math.floor(ids.length / 10));
  for (const id of ids.filter((_, i) => i % step === 0).slice(0, 10)) {
    const a = await ask(`${where}/${id}`);
    if (!check(`${where}/${id} answers`, a.status === 200 && a.body, `${a.status}`)) continue;
    const why = valid(ajv.getSchema(`${kind}.json`), a.body);
    check(`${where}/${id} is valid`, why === '', why);
    check(`${where}/${id} is the one asked for`, a.body.id === id);
    check(`${where}/${id}: demonstration data say so twice`, Boolean(a.body.synthetic) === a.headers.has('x-regia-synthetic'));
  }
}

// ---- 4d. meaning of the parameters ----
const allIds = async (where, parameters) =>
  new Set((await ask(`${where}?${query({ ...parameters, per_page: 1000 })}`)).body?.contents?.map(item => item.id));
const sameSet = (a, b) => a.size === b.size && [...a].every(id => b.has(id));

async function tryFilters(ids) {
  const full = (await ask(`/services?${query({ full: true, per_page: 200 })}`)).body?.contents ?? [];
  const wrong = full.map(item => valid(ajv.getSchema('service.json'), item)).filter(Boolean);
  check('full services are valid', full.length > 0 && wrong.length === 0, wrong[0]);
  const one = full.find(item => item.organization && item.attributes?.some(x => x.taxonomy_term));
  if (!one) console.log('warning: no service here has both an organization and a term: filters are not tried together');
  else {
    const term = one.attributes.find(x => x.taxonomy_term).taxonomy_term.id;
    const byOrganization = await allIds('/services', { organization_id: one.organization.id });
    const byTerm = await allIds('/services', { taxonomy_term_id: term });
    const both = await allIds('/services', { organization_id: one.organization.id, taxonomy_term_id: term });
    check('organization_id finds the service', byOrganization.has(one.id));
    check('taxonomy_term_id finds the service', byTerm.has(one.id) || byTerm.size === 1000);
    if (byTerm.size < 1000) check('two filters are an intersection', sameSet(both, new Set([...byOrganization].filter(id => byTerm.has(id)))));
    const word = one.name.split(/\s+/).find(w => /^[A-Za-z]{4,}$/.test(w));
    if (word) check('search finds a word of the name', (await allIds('/services', { search: word.toUpperCase(), organization_id: one.organization.id })).has(one.id));
  }
  const nothing = (await ask('/services?search=zzqqxxnothingxxqqzz')).body;
  check('a search for nothing is an empty page', nothing?.empty === true && nothing?.total_items === 0);

  const instants = ['1970-01-01T00:00:00Z', '2020-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2999-01-01T00:00:00Z'];
  const totals = [];
  for (const modified_after of instants) totals.push((await ask(`/services?${query({ modified_after, per_page: 1 })}`)).body?.total_items);
  check('modified_after never adds', totals.every((n, i) => i === 0 || n <= totals[i - 1]), totals.join(' '));
  check('modified_after the beginning is everything', totals[0] === ids.length);
  check('modified_after the far future is nothing', totals.at(-1) === 0);
  const stamped = full.find(item => item.last_modified);
  if (stamped) check('modified_after is "on or after"', (await allIds('/services', { modified_after: stamped.last_modified, organization_id: stamped.organization?.id ?? '' })).has(stamped.id));

  const minimal = (await ask('/services?minimal=true')).body;
  check('minimal comes in one page', minimal?.total_pages === (ids.length ? 1 : 0) && minimal?.size === ids.length);
  check('minimal has only id and date', minimal?.contents?.every(item => Object.keys(item).sort().join() === 'id,last_modified'));
  const sent = await ask('/services?per_page=3', { method: 'POST' });
  const got = await ask('/services?per_page=3');
  check('POST answers as GET', sent.status === 200 && JSON.stringify(sent.body) === JSON.stringify(got.body), `${sent.status}`);
}

async function tryLines(where, total) {
  const a = await ask(`${where}?format=ndjson`);
  const lines = a.text.split('\n').filter(Boolean);
  check(`${where} as ndjson has a line an item`, a.status === 200 && lines.length === total, `${a.status}, ${lines.length} of ${total}`);
  check(`${where} as ndjson is JSON on every line`, lines.every(line => { try { return Boolean(JSON.parse(line).id); } catch { return false; } }));
}

// ---- 4e. refusals ----
async function tryRefusals(where) {
  const absent = await ask(`${where}/00000000-0000-4000-8000-00000000dead`);
  check(`${where}: an unknown id is 404 in JSON`, absent.status === 404 && absent.body && absent.type.includes('json'), `${absent.status} ${absent.type}`);
  for (const bad of [`${where}/not-a-uuid`, `${where}?page=0`, `${where}?per_page=-1`, `${where}?page=x`, `${where}?format=xml`]) {
    const a = await ask(bad);
    check(`${bad} is 400 in JSON`, a.status === 400 && a.body && a.type.includes('json'), `${a.status} ${a.type}`);
  }
}

negativeControls();
await tryRoot();
const kinds = [['/services', 'service'], ['/organizations', 'organization'], ['/service_at_locations', 'service_at_location'],
  ['/taxonomies', 'taxonomy'], ['/taxonomy_terms', 'taxonomy_term']];
for (const [where, kind] of kinds) {
  const there = await ask(`${where}?per_page=1`);
  if ((there.status === 404 || there.status === 501) && kind !== 'service') {
    console.log(`warning: ${where} is not offered (${there.status})`);
    continue;
  }
  const ids = await tryList(where, kind);
  await tryRecords(where, kind, ids);
  await tryLines(where, ids.length);
  await tryRefusals(where);
  if (kind === 'service') await tryFilters(ids);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
