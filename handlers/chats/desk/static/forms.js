// Forms send themselves without leaving the page; text boxes count as their network counts.
import { ask, body, box, main, thread, words } from "./page.js";
import { keep, say, sayText } from "./notes.js";
import { catchUp, ended, go, redrawList, redrawThread, whenChanged, whenSettled } from "./parts.js";
import * as drafts from "./drafts.js";

const READ_FIRST = 1500; // milliseconds in which a new revision cannot be approved by a click meant for the old one
const PAUSE = 250; // milliseconds without a key before the network's measure is asked for

// --- approving -------------------------------------------------------------------------------------------------

let heldUntil = 0;
function hold() {
  heldUntil = Date.now() + READ_FIRST;
  setTimeout(release, READ_FIRST);
}

// What the button would publish is the saved text, not the words that somebody is still writing.
function release() {
  const area = main.querySelector("form[data-form=edit] textarea");
  const dirty = Boolean(area) && (area.value !== area.defaultValue || "unsaved" in area.dataset);
  for (const form of main.querySelectorAll("form[action$='/approve']")) {
    const button = form.querySelector("button");
    button.disabled = dirty || Date.now() < heldUntil || "busy" in form.dataset;
    if (button.dataset.key) button.title = dirty ? words.dirty : "";
  }
}

// --- counting --------------------------------------------------------------------------------------------------

function show(area, length) {
  const counter = document.getElementById(area.getAttribute("aria-describedby"));
  if (!counter) return;
  const max = Number(area.dataset.max), over = Boolean(max) && length > max;
  counter.textContent = max ? `${length} / ${max}` : `${length}`;
  counter.classList.toggle("over", over);
  area.setAttribute("aria-invalid", String(over));
}

// Code points at once, the network's own measure when the keys rest; the server's word holds for as long as it lasts.
const waiting = new WeakMap();
function count(area) {
  clearTimeout(waiting.get(area));
  const text = area.value;
  show(area, [...text.trim()].length);
  waiting.set(area, setTimeout(async () => {
    try {
      const answer = await ask("/desk/measure", new URLSearchParams({ account: thread()?.dataset.account ?? "", text }));
      const { length } = await answer.json();
      if (answer.ok && area.value === text && Number.isInteger(length)) show(area, length);
    } catch { /* code points are what there is */ }
  }, PAUSE));
}

// --- sending ---------------------------------------------------------------------------------------------------

async function send(form, submitter) {
  const fields = new URLSearchParams(new FormData(form, submitter));
  const buttons = [...form.querySelectorAll("button")], field = form.querySelector("textarea, input[type=text]"), sent = field?.value;
  for (const button of buttons) button.disabled = true;
  let stale = false;
  form.dataset.busy = "";
  try {
    const answer = await ask(form.action, fields);
    const said = await answer.json();
    if (answer.status === 401) ended();
    if (said.html) say(said.html); else sayText(said.text, "refused");
    stale = said.reason === "not_newest_revision";
    if (said.kind !== "refused") {
      if (field?.value === sent) { // else somebody has gone on writing
        drafts.forget(form);
        form.reset();
        form.closest("details.fold")?.removeAttribute("open");
        if (form === box) box.elements.line.defaultValue = box.elements.line.value = "";
      }
      await follow(form, said);
    }
  } catch {
    sayText(words.failed, "refused");
  } finally {
    for (const button of buttons) button.disabled = false;
    delete form.dataset.busy;
    release();
  }
  redrawList();
  await redrawThread();
  if (stale) catchUp(form);
}

// Where an answer leads: to another thread, to a search; a page that shows more than threads is loaded anew where
// something was done. What was said is said again there; what somebody only wanted to know stays where it was said.
async function follow(form, { kind, next, html }) {
  const page = !thread() && body.classList.contains("at-page");
  const done = kind === "done" ? html : "";
  if (!next || next === "/desk") { if (page && done) afresh(done); return; }
  const address = new URL(next, location.origin);
  if (address.pathname === location.pathname && address.search === location.search) { if (!thread()) afresh(done); return; }
  if (address.pathname === location.pathname && thread()) return;
  if (address.pathname.startsWith("/desk/t/")) { if (page) keep(done); await go(next, true); }
  else if (form === box || "line" in form.dataset) location.assign(address);
}

function afresh(html) {
  keep(html);
  location.reload();
}

async function copy(button) {
  const area = document.getElementById(button.dataset.copy);
  area.select();
  try { await navigator.clipboard.writeText(area.value); } catch { document.execCommand("copy"); } // http has only this
  sayText(words.copied, "info");
}

async function look(form, button) {
  document.documentElement.dataset.look = button.value;
  for (const one of form.querySelectorAll("[aria-pressed]")) one.setAttribute("aria-pressed", String(one === button));
  try { await ask(form.action, new URLSearchParams(new FormData(form, button))); } catch { /* this page has it anyway */ }
}

export function begin() {
  whenChanged(hold);
  whenSettled(() => {
    release();
    for (const button of main.querySelectorAll("[data-copy]")) button.hidden = false;
    for (const area of main.querySelectorAll("textarea[data-measure]")) if (!waiting.has(area)) count(area);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-look-form]")) { event.preventDefault(); look(form, event.submitter); return; }
    if (form.method !== "post" || !(form === box || main.contains(form))) return;
    event.preventDefault();
    if (!("busy" in form.dataset)) send(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea[data-measure]")) return;
    count(event.target);
    release();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea[name=text]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
  });
}
