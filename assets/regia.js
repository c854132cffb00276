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
