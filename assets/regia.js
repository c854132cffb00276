// Optional extras. Every page does all its work without this file.
const all = (selector, fn) => document.querySelectorAll(selector).forEach(fn);

// A long job: ask for its state and fill in the bar; reload once when it is over.
all("[data-progress]", (box) => {
  const set = (name, text) =>
    box.querySelectorAll(`[data-progress-${name}]`).forEach((e) => (e.textContent = text));
  const bar = box.querySelector("progress");
  let wait_ms = 1000;
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const job = await answer.json();
      if (job.finished) return location.reload();
      if (bar && job.total > 0) {
        bar.max = job.total;
        bar.value = job.done;
      }
      if (job.done_text) set("done", job.done_text);
      if (job.step_text) set("step", job.step_text);
      wait_ms = 1000;
    } catch {
      wait_ms = Math.min(wait_ms * 2, 30000);
    }
    setTimeout(ask, wait_ms);
  };
  setTimeout(ask, wait_ms);
});

// Quick exit: the link itself works without script; here it leaves no step back, also on Escape
// pressed three times within two seconds.
const exit = document.querySelector("[data-exit]");
if (exit) {
  const leave = () => {
    document.documentElement.hidden = true;
    location.replace(exit.href);
  };
  let presses = [];
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    presses = presses.filter((t) => event.timeStamp - t < 2000).concat(event.timeStamp);
    if (presses.length >= 3) leave();
  });
}

// "/" goes to the search box: off unless the reader asked for it in the settings of this browser.
const KEY = "regia.shortcuts";
let on = false;
try {
  on = localStorage.getItem(KEY) === "1";
} catch {
  // Storage is closed to us: shortcuts stay off.
}
all("input[data-shortcuts]", (box) => {
  box.closest("[hidden]")?.removeAttribute("hidden");
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    try {
      localStorage.setItem(KEY, on ? "1" : "0");
    } catch {
      // Not remembered, but true for this page.
    }
  });
});
addEventListener("keydown", (event) => {
  if (!on || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// Copy the address of this page. The button is hidden until there is a script to serve it.
all("button[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    const said = button.querySelector("[data-copy-said]") || button;
    said.textContent = button.dataset.copyDone || said.textContent;
  });
});

// Suggestions under the search field: arrows move, Enter takes, Escape closes. Without them the
// field is the same field.
const field = document.querySelector(".rg-search input[name=q]");
if (field) {
  const holder = document.createElement("div");
  holder.className = "rg-suggest";
  field.after(holder);
  let timer;
  let asked = 0;
  let at = -1;
  const options = () => [...holder.querySelectorAll("[role=option]")];
  const set = (name, value) => field.setAttribute(`aria-${name}`, value);
  const close = () => {
    asked++;
    clearTimeout(timer);
    holder.replaceChildren();
    at = -1;
    set("expanded", "false");
    field.removeAttribute("aria-controls");
    field.removeAttribute("aria-activedescendant");
  };
  const move = (to, list = options()) => {
    at = (to + list.length) % list.length;
    list.forEach((e, i) => e.setAttribute("aria-selected", String(i === at)));
    set("activedescendant", list[at].id);
    list[at].scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    field.value = option.dataset.value;
    close();
  };
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(`${field.form.action}/suggerimenti?q=${encodeURIComponent(field.value)}`);
      const text = await answer.text();
      if (mine !== asked || !answer.ok) return;
      holder.innerHTML = text;
      if (options().length === 0) return close();
      at = -1;
      field.removeAttribute("aria-activedescendant");
      set("controls", "suggerimenti");
      set("expanded", "true");
    } catch {
      close();
    }
  };
  field.setAttribute("role", "combobox");
  set("autocomplete", "list");
  set("expanded", "false");
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value.trim().length < 2) return close();
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", (event) => {
    const list = options();
    if (event.isComposing || list.length === 0) return;
    if (event.key === "ArrowDown") move(at + 1);
    else if (event.key === "ArrowUp") move(at < 0 ? list.length - 1 : at - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) take(list[at]);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  holder.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}
