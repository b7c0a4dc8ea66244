// Draws parts of the page anew, as the server makes them.
//
// One rule stands above all others here: what somebody is writing is never overwritten. A form that was touched is
// moved into the new part as it is, with the revision number that its writer saw.
import { ask, banners, body, box, list, main, queue, state, thread, ticket, words } from "./page.js";
import { moveOn, sayText, stateNow, tellAll } from "./notes.js";
import * as times from "./times.js";

const settled = []; // what is to be done whenever a part was drawn
export const whenSettled = (work) => settled.push(work);
export const settle = () => { for (const work of settled) work(); };

export const touched = (form) =>
  [...form.elements].some((field) => {
    if (field.type === "hidden" || field.tagName === "BUTTON" || field.readOnly) return false;
    if (field.tagName === "SELECT") return field === document.activeElement;
    return field.value !== field.defaultValue || field === document.activeElement;
  });
function caretOf(field) {
  if (!field) return () => {};
  const { selectionStart, selectionEnd, scrollTop } = field;
  return () => {
    field.focus({ preventScroll: true });
    try { field.setSelectionRange(selectionStart, selectionEnd); } catch { /* a select, or a button */ }
    field.scrollTop = scrollTop;
  };
}

// Which thing of the new part is the one that had the focus in the old one.
function twinOf(focused) {
  const keyed = focused.closest("[data-key], summary, button, a[href]");
  if (!keyed) return null;
  if (keyed.dataset.key) return `[data-key="${keyed.dataset.key}"]`;
  if (keyed.matches("a[href]")) return `a[href="${CSS.escape(keyed.getAttribute("href"))}"]`;
  const fold = keyed.closest("details[data-keep]");
  if (fold && keyed.matches("summary")) return `details[data-keep="${fold.dataset.keep}"] > summary`;
  const form = keyed.closest("form[action]");
  return form ? `form[action="${form.getAttribute("action")}"] button` : null;
}

// Whoever was told that there is a newer revision than their form's may save over that one, and no later one.
const newer = new WeakMap(); // by kept form: what would stand in its place
export function catchUp(form) {
  const { revision } = newer.get(form)?.elements ?? {};
  if (!revision || !form.elements.revision) return;
  form.elements.revision.value = revision.value;
  form.querySelector("button").textContent = newer.get(form).querySelector("button").textContent;
}

function swap(place, html) {
  const next = document.createElement("template");
  next.innerHTML = html;
  const open = [...place.querySelectorAll("details[data-keep][open]")].map((fold) => fold.dataset.keep);
  const kept = [...place.querySelectorAll("form[data-form], form.search")].filter(touched);
  const focused = document.activeElement;
  const restore = kept.some((form) => form.contains(focused)) ? caretOf(focused) : null;
  const again = !restore && place.contains(focused) && focused !== place ? twinOf(focused) : null;
  const scrolled = [place, ...place.querySelectorAll(".queue, .rail")].map((part) => [part === place ? "" : `.${part.classList[0]}`, part.scrollTop, part.scrollLeft]);
  let parted = false;
  for (const form of kept) {
    const twin = form.dataset.form
      ? next.content.querySelector(`form[data-form="${form.dataset.form}"]`)
      : next.content.querySelector("form.search");
    if (twin) {
      const csrf = twin.elements.csrf;
      if (csrf && form.elements.csrf) form.elements.csrf.value = csrf.value;
      newer.set(form, twin);
      twin.replaceWith(form);
    } else {
      // Nothing may be decided with it now, but nobody's words are thrown away.
      for (const button of form.querySelectorAll("button")) button.disabled = true;
      (next.content.querySelector(".thread") || next.content).append(form);
      parted = true;
    }
  }
  times.tell(next.content);
  place.replaceChildren(next.content);
  for (const name of open) place.querySelector(`details[data-keep="${name}"]`)?.setAttribute("open", "");
  for (const [part, top, left] of scrolled) {
    const where = part ? place.querySelector(part) : place;
    if (where) { where.scrollTop = top; where.scrollLeft = left; }
  }
  if (restore) restore();
  else if (again) place.querySelector(again)?.focus({ preventScroll: true });
  if (parted) sayText(words.parted, "refused");
  return kept.length > 0;
}

// A press and its release must meet the same button, or the browser takes them for no click: nothing is drawn in between.
const PRESS = 1000, CLICK = 50; // milliseconds: that a press lasts at most; in which its click follows the release
let released = null, letGo = () => {};
function press() {
  released ??= new Promise((resolve) => { letGo = () => { released = null; resolve(); }; });
  setTimeout(letGo, PRESS); // some releases are told to nobody, as those over an open list of choices
}
const release = () => setTimeout(letGo, CLICK);

export function ended() {
  state.textContent = words.ended;
  state.classList.remove("well");
  state.hidden = false;
}

async function part(address) {
  const answer = await ask(address, null, { accept: "text/html" });
  if (answer.status === 401) { ended(); return null; }
  const html = answer.ok ? await answer.text() : null;
  await released;
  return html;
}

const drawn = new Map(); // by place: what the server said last, so that nothing is drawn twice
function isNews(place, html) {
  if (drawn.get(place) === html) return false;
  drawn.set(place, html);
  return true;
}

async function drawList() {
  const query = new URLSearchParams(list.dataset.query);
  query.set("at", ticket());
  query.set("page", body.dataset.page);
  const html = await part(`/desk/part/list?${query}`);
  if (html === null || !isNews(list, html)) return;
  swap(list, html);
  settle();
}

async function drawBanners() {
  const html = await part("/desk/part/banners");
  if (html !== null && isNews(banners, html)) banners.innerHTML = html;
}

async function drawTold() {
  const html = await part("/desk/part/told");
  if (html !== null) tellAll(html);
}

const changed = []; // told when another revision stands there than before
export const whenChanged = (work) => changed.push(work);

async function drawThread() {
  const id = ticket();
  if (!id) return;
  const html = await part(`/desk/part/t/${encodeURIComponent(id)}${document.hidden ? "?away=" : ""}`);
  if (html === null || id !== ticket() || !isNews(main, html)) return;
  const before = thread()?.dataset.revision;
  const busy = swap(main, html);
  const after = thread()?.dataset.revision;
  moveOn();
  if (before !== undefined && before !== after) {
    if (busy) sayText(words.typing, "info");
    else if (before && after && Number(after) > Number(before)) sayText(words.changed, "info").about = stateNow();
    for (const work of changed) work();
  }
  settle();
}

// Fetch each part at most once at a time; what comes in meanwhile leads to one more fetch.
function single(draw) {
  let running = null, again = false;
  const ask = () => {
    if (running) { again = true; return running; }
    running = (async () => {
      try { do { again = false; await draw(); } while (again); } catch { /* the news stream tells */ } finally { running = null; }
    })();
    return running;
  };
  ask.stale = () => { again = running !== null; }; // what is on its way may not know it yet
  return ask;
}
export const redrawList = single(drawList);
export const redrawThread = single(drawThread);
export const redrawBanners = single(drawBanners);
export const redrawTold = single(drawTold);

// A list that was asked for before one moved on still knows the old place.
export function markCurrent() {
  for (const row of list.querySelectorAll("a.row")) {
    if (new URL(row.href).pathname === `/desk/t/${ticket()}`) {
      row.setAttribute("aria-current", "page");
      row.classList.remove("unread");
      row.querySelector(".dot")?.remove();
    } else row.removeAttribute("aria-current");
  }
}

export async function go(address, remember) {
  const url = new URL(address, location.origin);
  const match = url.pathname.match(/^\/desk\/t\/([\w-]+)$/);
  if (!match || (!thread() && body.classList.contains("at-page"))) { location.assign(url); return; }
  const stays = ticket() === match[1];
  body.dataset.ticket = match[1];
  body.classList.replace("at-list", "at-thread");
  if (remember && !stays) history.pushState(null, "", url.pathname + url.search);
  document.title = `${match[1]} · ${document.title.split(" · ").slice(1).join(" · ")}`;
  markCurrent();
  if (!stays) { main.replaceChildren(); main.scrollTop = 0; drawn.delete(main); }
  await redrawThread();
  if (!stays) for (const work of arrived) work();
}

const arrived = []; // told when a thread was opened
export const whenArrived = (work) => arrived.push(work);

export function begin() {
  list.dataset.query = location.pathname === "/desk/search" && !location.search ? "?q=" : location.search; // what the list shows; it stays while one goes from thread to thread
  whenSettled(() => {
    markCurrent();
    body.classList.toggle("nothing", !list.querySelector(".row, .help-search"));
    const shown = thread();
    box.elements.ticket.value = shown ? shown.dataset.ticket : "";
    box.elements.revision.value = shown ? shown.dataset.revision : "";
    box.elements.seen.value = shown ? shown.dataset.seen : "";
    if (shown) box.elements.line.placeholder = box.elements.line.dataset.here;
    const unread = Number(queue()?.dataset.unread ?? 0);
    document.title = `${unread ? `(${unread}) ` : ""}${document.title.replace(/^\(\d+\) /, "")}`;
    times.tick();
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("a.row, .live a[href^='/desk/t/']");
    if (!row || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const from = document.activeElement;
    go(row.href, true).then(() => {
      const now = document.activeElement; // whoever has gone on meanwhile is not fetched back
      if (now === from || now === body || list.contains(now)) main.focus({ preventScroll: true });
    });
  });
  addEventListener("pointerdown", press, true);
  for (const end of ["pointerup", "pointercancel", "dragend"]) addEventListener(end, release, true);
  addEventListener("popstate", () => (location.pathname.startsWith("/desk/t/") ? go(location.href, false) : location.reload()));
}
