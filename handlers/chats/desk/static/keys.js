// Keys for whoever works through the queue. They do nothing while somebody writes.
import { box, list, main, thread, words } from "./page.js";
import { hideAll, sayText } from "./notes.js";

const overview = document.getElementById("keys");
const WRITING = "input, textarea, select, [contenteditable]";

function move(step) {
  const rows = [...list.querySelectorAll("a.row")];
  const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!next) return;
  next.click();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const control = main.querySelector(`[data-key="${key}"]`);
  if (!control) { if (thread()) sayText(words.nokey, "info"); return; }
  if (control.disabled) { sayText(control.title || words.changed, "info"); return; }
  // Approving takes the key twice: the first press only points at the button, which is the one that a click presses.
  if (key === "a" && document.activeElement !== control) { control.focus(); control.scrollIntoView({ block: "nearest" }); return; }
  control.click();
  const fold = control.closest("details[open]");
  fold?.querySelector("textarea, select, input:not([type=hidden])")?.focus();
}

function escape(target) {
  const menu = document.querySelector(".menu[open]");
  if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); return; }
  if (!hideAll() && target.closest(WRITING)) target.blur();
}

export function begin() {
  for (const button of document.querySelectorAll("[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => overview.showModal());
  }
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || overview.open) return;
    if (key === "Escape" && !event.defaultPrevented && !target.closest("select, [type=search]")) { escape(target); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(WRITING)) return;
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key.length === 1 && "aercsnu".includes(key)) { event.preventDefault(); press(key); }
    else if (key === "/") { event.preventDefault(); list.querySelector("#q")?.focus(); }
    else if (key === ":") { event.preventDefault(); box.elements.line.focus(); }
    else if (key === "?") { event.preventDefault(); overview.showModal(); }
  });
}
