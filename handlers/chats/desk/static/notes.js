// What is said at the foot of the page: outcomes, answers, news.
//
// A note goes when it is old, or when the ticket has moved on since. What must not be missed stays until somebody
// hides it or does the next thing: a refusal, a list that was asked for, a word to this person alone.
import { box, hide, live, thread, ticket } from "./page.js";

const READ = 12000, SETTLE = 1000; // milliseconds: to read a note in; in which a change is the one it speaks of
const MOST = 4;
const KEPT = "portavoz-said";
export const stateNow = () => `${ticket()} ${thread()?.dataset.state}`;
const stays = (note) => note.matches(".refused, .stays") || note.querySelector("li") !== null;
const told = new Set(); // keys of what was told to this person and stood here already

function age(note) {
  note.born = Date.now();
  if (stays(note)) return;
  const leave = () => {
    if (document.hidden || live.matches(":hover") || note.contains(document.activeElement)) setTimeout(leave, 2000);
    else remove(note);
  };
  setTimeout(leave, READ);
}

function remove(note) {
  if (note.contains(document.activeElement)) box.elements.line.focus();
  note.remove();
}

// To be called when the thread was drawn: a note belongs to the first state that is seen once it has settled.
export function moveOn() {
  const now = stateNow();
  for (const note of [...live.querySelectorAll(".answer")]) {
    if (note.about === undefined || Date.now() - note.born < SETTLE) note.about = now;
    else if (note.about !== now && !stays(note)) remove(note);
  }
}

export function hideAll() {
  const any = live.querySelector(".answer") !== null;
  for (const note of [...live.querySelectorAll(".answer")]) remove(note);
  if (document.activeElement === hide) box.elements.line.focus();
  return any;
}

function show(...nodes) {
  while (live.children.length >= MOST) live.firstElementChild.remove();
  live.append(...nodes);
  live.scrollTop = live.scrollHeight;
  for (const note of live.querySelectorAll(".answer")) if (note.born === undefined) age(note);
}

// Markup of our own templates, which escape everything.
const fromServer = (html) => {
  const wrap = document.createElement("template");
  wrap.innerHTML = html;
  return wrap.content;
};

export function say(html) {
  for (const note of [...live.children]) if (!note.matches(".stays")) note.remove();
  show(...fromServer(html).children);
}

// For the page that is loaded next in this tab.
export function keep(html) {
  try { if (html) sessionStorage.setItem(KEPT, html); } catch { /* then it is not said twice */ }
}

function kept() {
  try {
    const html = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return html ?? "";
  } catch { return ""; }
}

export function sayText(text, kind, about) {
  const note = document.createElement("div");
  const line = document.createElement("p");
  note.className = `answer ${kind}`;
  text.split(/`([^`\n]+)`/).forEach((part, at) => {
    if (at % 2 === 0) { line.append(part); return; }
    const code = document.createElement("code");
    code.textContent = part;
    line.append(code);
  });
  if (about) {
    const link = document.createElement("a");
    link.href = `/desk/t/${encodeURIComponent(about)}`;
    link.textContent = about;
    line.prepend(link, ": ");
  }
  note.append(line);
  show(note);
  return note;
}

// What is told to one person comes by the stream, and waits on the server for whoever was cut off: shown once.
export function tell(text, about, key) {
  if (told.has(key)) return;
  told.add(key);
  sayText(text, "info stays", about);
}

export function tellAll(html) {
  for (const note of fromServer(html).querySelectorAll(".answer")) {
    if (note.dataset.told && told.has(note.dataset.told)) continue;
    told.add(note.dataset.told);
    show(note);
  }
}

export function begin() {
  new MutationObserver(() => { hide.hidden = !live.querySelector(".answer"); }).observe(live, { childList: true });
  hide.addEventListener("click", hideAll);
  hide.hidden = !live.querySelector(".answer");
  for (const note of live.querySelectorAll(".answer")) {
    if (note.dataset.told) told.add(note.dataset.told);
    age(note);
  }
  show(...fromServer(kept()).children);
}
