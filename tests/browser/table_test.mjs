// The facilitator's page in a real browser, on a telephone with a bad connection, and every page of
// a running event before axe. Makes its own event, as the administrator named in
// REGIA_BROWSER_LOGINS would:
//
//   tests/with-server node tests/browser/table_test.mjs --url {url} [--shots FOLDER]

import { SIZES, launch, run, sign_in } from "./browser.mjs";

const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const url = option("--url").replace(/\/$/, "");
const shots = process.argv.includes("--shots") ? option("--shots") : undefined;
const CODE = `prova-${Date.now()}`;
const EVENT = `/gestione/eventi/${CODE}`;
const TABLE = `${EVENT}/tavoli/1`;
const WAIT_MS = 8000;
let n_passed = 0;
let n_failed = 0;
let session;

function claim(ok, what) {
  if (ok) n_passed++;
  else n_failed++;
  console.log(`${ok ? "ok  " : "FAIL"} ${what}`);
}

async function until(test) {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; ) {
    if (await test().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function phone(browser) {
  const room = await browser.newContext({ viewport: SIZES.phone, storageState: session });
  const page = await room.newPage();
  await page.goto(url + TABLE);
  return { room, page };
}

const stored = async (page) => (await (await page.request.get(`${url}${TABLE}/carte.json`)).json()).cards;
const text_field = (page) => page.locator("form[data-card=new] textarea");
const save = (page) => page.locator("form[data-card=new] button[type=submit]").click();
const waiting = (page) => page.locator("[data-queue] li");

async function prepare(browser) {
  const room = await browser.newContext({ storageState: session });
  const page = await room.newPage();
  await page.goto(`${url}/gestione/eventi/nuovo`);
  await page.fill("#codice", CODE);
  await page.selectOption("#genere", "assembly");
  await page.fill("#titolo", "Prova dei tavoli");
  await page.fill("#giorno", "2026-12-01");
  await page.fill("#tavoli", "1; 1; Transizione digitale; 20\n2; 2; Mobilità; 20");
  await page.fill("#sessioni", "Prima sessione; Che cosa manca?\nSeconda sessione; Che cosa fare?");
  await page.click("main form button[type=submit]");
  await page.selectOption("#stato", "open");
  await page.click("form[action$='/stato'] button");
  await page.goto(`${url}/ascolto/eventi/${CODE}/iscrizione`);
  await page.fill("#nome", "Persona di prova");
  await page.fill("#contatto", "prova@esempio.it");
  await page.selectOption("#tavolo", "1");
  await page.check("#consenso");
  await page.click("main form button[type=submit]");
  const link = new URL(page.url()).pathname;
  await page.goto(url + EVENT);
  await page.selectOption("#stato", "running");
  await page.click("form[action$='/stato'] button");
  // Another one whose registration stays open, for the form itself.
  await page.goto(`${url}/gestione/eventi/nuovo`);
  await page.fill("#codice", `${CODE}-b`);
  await page.fill("#titolo", "Prova delle iscrizioni");
  await page.fill("#giorno", "2026-12-02");
  await page.fill("#tavoli", "1; 1; Transizione digitale; 20");
  await page.click("main form button[type=submit]");
  await page.selectOption("#stato", "open");
  await page.click("form[action$='/stato'] button");
  await room.close();
  return link;
}

const cases = {
  async a_sentence_cut_off_is_there_again(browser) {
    const { room, page } = await phone(browser);
    await text_field(page).pressSequentially("Mancano corse serali e il");
    await room.setOffline(true);
    await page.waitForTimeout(50);
    await room.setOffline(false);
    await page.goto(url + TABLE); // the telephone was put away, the page opened again
    const kept = await text_field(page).inputValue();
    await save(page);
    const sent = await until(async () =>
      (await stored(page)).some((card) => card.text === "Mancano corse serali e il"),
    );
    await room.close();
    return kept === "Mancano corse serali e il" && sent;
  },
  async what_is_saved_without_network_waits_and_leaves_by_itself(browser) {
    const { room, page } = await phone(browser);
    await room.setOffline(true);
    for (const text of ["Prima senza rete", "Seconda senza rete"]) {
      await text_field(page).fill(text);
      await save(page);
    }
    const waits = await until(async () => (await waiting(page).count()) === 2);
    const words = await waiting(page).first().innerText();
    const said = await page.locator("[data-said]").innerText();
    if (shots) await page.screenshot({ path: `${shots}/offline.png`, fullPage: true });
    const before = (await stored(page).catch(() => [])).length;
    await room.setOffline(false);
    const sent = await until(async () => (await page.locator("[data-state=sent]").count()) === 2);
    const there = (await stored(page)).filter((card) => card.text.endsWith("senza rete")).length;
    await room.close();
    return waits && words.includes("salvata su questo telefono") && said !== "" && before < 3 && sent && there === 2;
  },
  async a_lost_answer_makes_neither_a_second_card_nor_a_false_conflict(browser) {
    const { room, page } = await phone(browser);
    let lost = 0;
    await room.route("**/carte", async (route) => {
      if (route.request().method() !== "POST" || lost > 0) return route.continue();
      lost++;
      await route.fetch(); // the server has it
      return route.abort(); // the telephone never hears
    });
    await text_field(page).fill("Una volta sola");
    const uid = await page.locator("form[data-card=new] input[name=uid]").inputValue();
    await save(page);
    const sent = await until(
      async () => (await page.locator(`[data-uid="${uid}"]`).getAttribute("data-state")) === "sent",
    );
    const there = (await stored(page)).filter((card) => card.text === "Una volta sola").length;
    await room.close();
    return lost === 1 && sent && there === 1;
  },
  async two_telephones_on_one_card_see_both_texts(browser) {
    const one = await phone(browser);
    await text_field(one.page).fill("Testo di partenza");
    const uid = await one.page.locator("form[data-card=new] input[name=uid]").inputValue();
    await save(one.page);
    await until(async () => (await stored(one.page)).some((card) => card.uid === uid));
    await one.page.goto(url + TABLE);
    const two = await phone(browser);
    const form = (page) => page.locator(`form[data-card=edit]:has(input[value="${uid}"])`);
    for (const [{ page }, text] of [[one, "Versione della prima"], [two, "Versione della seconda"]]) {
      await page.locator("details", { has: form(page) }).locator("summary").click();
      await form(page).locator("textarea").fill(text);
      await form(page).locator("button.btn-primary").click();
      await until(async () => (await page.locator(`[data-uid="${uid}"]`).count()) === 1);
      await page.waitForTimeout(400);
    }
    const item = two.page.locator(`[data-uid="${uid}"]`);
    const both = await item.innerText();
    if (shots) await two.page.screenshot({ path: `${shots}/conflict.png`, fullPage: true });
    await item.getByRole("button", { name: "Tieni tutti e due" }).click();
    const end = await until(async () =>
      (await stored(two.page)).some(
        (card) => card.uid === uid && card.text === "Versione della seconda\nVersione della prima",
      ),
    );
    await one.room.close();
    await two.room.close();
    return both.includes("Versione della prima") && both.includes("Versione della seconda") && end;
  },
  async a_table_is_not_closed_while_cards_wait(browser) {
    const { room, page } = await phone(browser);
    await room.setOffline(true);
    await text_field(page).fill("Ancora sul telefono");
    await save(page);
    await page.locator("form[data-close] button").click();
    const said = await page.locator("[data-said]").innerText();
    await room.setOffline(false);
    await until(async () => (await page.locator("[data-state=sent]").count()) === 1);
    await room.close();
    return said.includes("non ancora inviate");
  },
};

const browser = await launch();
try {
  session = await sign_in(browser, url, JSON.parse(process.env.REGIA_BROWSER_LOGINS).admin);
  const link = await prepare(browser);
  for (const [name, run_case] of Object.entries(cases)) {
    claim(await run_case(browser).catch((error) => console.error(String(error)) || false), name.replaceAll("_", " "));
  }
  const paths = [EVENT, TABLE, `${EVENT}/accoglienza?q=persona`, `${EVENT}/plenaria`, `${EVENT}/assemblea`,
    "/gestione/eventi", "/gestione/eventi/nuovo", "/gestione/interviste"];
  const open = [`/ascolto/eventi/${CODE}/iscrizione`, `/ascolto/eventi/${CODE}-b/iscrizione`, link, `/ascolto/eventi/${CODE}/assemblea`];
  const tasks = [...paths.map((path) => ({ path, lang: "it", session, role: "admin" })),
    ...open.map((path) => ({ path, lang: "it" })), { path: TABLE, lang: "fr", session, sizes: ["phone"] },
    { path: TABLE, lang: "en", session, sizes: ["phone"] }];
  await run(browser, { url, shots }, tasks, ({ task, size, name, faults }) => {
    if (faults.length === 0) n_passed++;
    else claim(false, `${name} ${task.lang} ${size} ${task.path}\n     ${faults.slice(0, 4).join("\n     ")}`);
  });
} finally {
  await browser.close();
}
console.log(`${n_passed} passed, ${n_failed} failed`);
process.exit(n_failed === 0 ? 0 : 1);
