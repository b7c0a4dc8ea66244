// What somebody is writing is kept in the browser until it has arrived: a lost connection, a session that ended or a
// page that was closed by mistake costs nobody a text. Signing out forgets all of it.
import { main, thread, ticket, words } from "./page.js";

const PREFIX = `portavoz:${words.me}:`;
const WEEK = 7 * 24 * 3600 * 1000;
const keyOf = (form) => `${PREFIX}${ticket()}:${form.dataset.form}`;
const fieldOf = (form) => form.querySelector("textarea, input[type=text]");

// A browser may refuse storage altogether; then pages work as if there were none.
const safely = (use) => { try { return use(localStorage); } catch { return null; } };

export function keep(form) {
  const field = fieldOf(form);
  if (!field || !form.dataset.form || !ticket()) return;
  const key = keyOf(form);
  if (field.value === field.defaultValue || !field.value.trim()) { safely((store) => store.removeItem(key)); return; }
  safely((store) => store.setItem(key, JSON.stringify({ text: field.value, at: Date.now() })));
}

export const forget = (form) => safely((store) => store.removeItem(keyOf(form)));

// Puts back what was not saved. Whether the draft changed meanwhile shows in the form's own revision number.
export function restore() {
  if (!thread()) return false;
  let any = false;
  for (const form of main.querySelectorAll("form[data-form]")) {
    const kept = safely((store) => JSON.parse(store.getItem(keyOf(form))));
    const field = fieldOf(form);
    if (!kept || !field || field.value !== field.defaultValue || kept.text === field.value) continue;
    field.value = kept.text;
    form.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    any = true;
  }
  return any;
}

const ours = (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX));

export function begin() {
  const works = safely((store) => { store.setItem(`${PREFIX}works`, "null"); store.removeItem(`${PREFIX}works`); return true; });
  if (!works) addEventListener("beforeunload", (event) => { if ([...main.querySelectorAll("form[data-form]")].some((form) => fieldOf(form) && fieldOf(form).value !== fieldOf(form).defaultValue)) event.preventDefault(); });
  safely((store) => {
    for (const key of ours(store)) {
      const { at } = JSON.parse(store.getItem(key)) ?? {};
      if (!at || at < Date.now() - WEEK) store.removeItem(key);
    }
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-form]");
    if (form && main.contains(form)) keep(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-out]")) safely((store) => ours(store).forEach((key) => store.removeItem(key)));
  });
}
