// The facilitator's page on a phone with a bad connection. The page works without this file; with
// it nothing typed is lost: every key stroke is kept on the phone, cards wait in a queue, the queue
// leaves when the network is back, and what the server says of each card stands beside it in words.
//
// A card: {uid, kind, text, category, zone, session, rev, state, tried, theirs, why}; state is
// "typing" (not yet handed in), "here" (waiting), "sent", "conflict" or "bad". tried are the texts
// handed to the network: if an answer was lost and the server holds one of them, it is our own.
const page = document.querySelector("[data-table]");
const say = (name) => page.dataset[name];
const key = `regia:${say("table")}`;
const said = page.querySelector("[data-said]");
const list = page.querySelector("[data-queue]");
const field = (form, name) => form.elements[name];
const FIELDS = { text: "testo", kind: "tipo", category: "categoria", zone: "zona" };
const BATCH = 50;
let cards = {};
let token = page.querySelector("input[name=csrf]")?.value;
let timer = 0;
let wait_ms = 1000;
let busy = false;

try {
  cards = JSON.parse(localStorage.getItem(key)) || {};
} catch {
  // Unreadable or closed storage: the form alone remains.
}

function keep() {
  try {
    localStorage.setItem(key, JSON.stringify(cards));
    return true;
  } catch {
    said.textContent = say("full");
    return false;
  }
}

const of = (state) => Object.values(cards).filter((card) => card.state === state);

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-outline-primary btn-sm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function settle(card, text, state) {
  Object.assign(card, { text, state, rev: card.theirs.rev });
  delete card.theirs;
  keep();
  draw();
  send();
}

function draw() {
  const shown = Object.values(cards).filter((card) => card.state !== "typing");
  list.hidden = shown.length === 0;
  list.replaceChildren(
    ...shown.map((card) => {
      const item = document.createElement("li");
      const text = document.createElement("p");
      const state = document.createElement("p");
      item.className = "rg-result";
      item.dataset.uid = card.uid;
      item.dataset.state = card.state;
      text.textContent = card.text;
      state.className = "rg-meta";
      state.textContent = say(card.state) + (card.why ? `: ${card.why}` : "");
      item.append(text, state);
      if (card.theirs) {
        const other = document.createElement("blockquote");
        other.textContent = card.theirs.text;
        const row = document.createElement("p");
        row.className = "rg-actions";
        row.append(
          button(say("mine"), () => settle(card, card.text, "here")),
          button(say("both"), () => settle(card, `${card.text}\n${card.theirs.text}`, "here")),
          button(say("theirs"), () => settle(card, card.theirs.text, "sent")),
        );
        item.append(other, row);
      }
      return item;
    }),
  );
}

function tell(text) {
  const words = text || `${of("here").length ? `${of("here").length}: ${say("here")}` : ""}`;
  if (said.textContent !== words) said.textContent = words;
}

function take(answer) {
  const card = cards[answer.uid];
  // Changed while the answer was under way: it waits for its own turn, on top of this one.
  if (!card) return;
  const again = card.text !== card.tried.at(-1);
  if (answer.result === "conflict" && card.tried.includes(answer.text)) {
    card.rev = answer.rev; // our own words, whose answer was lost
    return;
  }
  delete card.why;
  if (answer.result === "saved" || answer.result === "same") {
    card.rev = answer.rev;
    if (!again) card.state = "sent";
  } else {
    card.state = answer.result;
    card.why = answer.problem;
    if (answer.result === "conflict") card.theirs = { text: answer.text, rev: answer.rev };
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(send, wait_ms);
  wait_ms = Math.min(wait_ms * 2, 15000);
}

const ask = (body) =>
  fetch(say("table"), { method: body ? "POST" : "GET", body, headers: { accept: "application/json" } });

async function send() {
  const batch = of("here").slice(0, BATCH);
  if (busy || batch.length === 0) return tell();
  busy = true;
  tell();
  try {
    for (const card of batch) card.tried = [...(card.tried || []).slice(-19), card.text];
    keep();
    const form = () => new URLSearchParams({ csrf: token, carte: JSON.stringify(batch) });
    let answer = await ask(form());
    if (answer.status === 403) {
      // The server began anew, or the token grew old: a fresh one, once.
      const fresh = await ask();
      if (!fresh.ok) throw new Error("signin");
      token = (await fresh.json()).csrf;
      answer = await ask(form());
    }
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail || told.title || answer.status);
    told.cards.forEach(take);
    wait_ms = 1000;
    busy = false;
    keep();
    draw();
    tell();
    if (of("here").length) later();
  } catch (error) {
    busy = false;
    tell(error.message === "signin" ? say("signin") : error.name === "TypeError" ? say("offline") : error.message);
    later();
  }
}

function read(form, state) {
  const uid = field(form, "uid").value;
  const card = cards[uid] || { uid, rev: Number(field(form, "rev").value) };
  for (const name in FIELDS) card[name] = field(form, FIELDS[name]).value;
  card.session = Number(field(form, "sessione").value);
  card.state = state;
  cards[uid] = card;
  return keep();
}

page.querySelectorAll("form[data-card]").forEach((form) => {
  const mine = cards[field(form, "uid").value];
  if (mine && mine.state === "typing") {
    for (const name in FIELDS) field(form, FIELDS[name]).value = mine[name];
    form.closest("details")?.setAttribute("open", "");
  }
  form.addEventListener("input", () => read(form, "typing"));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name || !field(form, "testo").value.trim()) return; // withdrawing; the server's sentence
    if (!read(form, "here")) return; // no room on the phone: the form itself goes
    event.preventDefault();
    if (form.dataset.card === "new") {
      field(form, "uid").value = crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`.replace(".", "");
      field(form, "rev").value = 0;
      field(form, "testo").value = "";
      field(form, "testo").focus();
    }
    draw();
    wait_ms = 1000;
    send();
  });
});

// A half-written new card of an earlier visit goes back into the form it was written in.
const blank = page.querySelector("form[data-card=new]");
const half = of("typing").find((card) => card.text && !page.querySelector(`input[name=uid][value="${card.uid}"]`));
if (blank && half && !field(blank, "testo").value) {
  field(blank, "uid").value = half.uid;
  field(blank, "rev").value = half.rev;
  for (const name in FIELDS) field(blank, FIELDS[name]).value = half[name];
}

page.querySelector("[data-close]")?.addEventListener("submit", (event) => {
  if (Object.values(cards).every((card) => card.state === "sent" || !card.text)) return;
  event.preventDefault();
  said.textContent = event.target.dataset.close;
  said.scrollIntoView();
});

// What the page itself shows need not be kept twice.
for (const card of of("sent")) if (page.querySelector(`[data-text="${card.uid}"]`)) delete cards[card.uid];
keep();
draw();
addEventListener("online", send);
addEventListener("pageshow", send);
send();
