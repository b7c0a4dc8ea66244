// Who else has this thread before them, and who is writing. Pages say it every now and then; it locks nothing.
import { ask, main, ticket, words } from "./page.js";
import { touched, whenArrived, whenSettled } from "./parts.js";

const EVERY = 25000;
let there = "", said = "";

const writing = () => [...main.querySelectorAll("form[data-form=edit], form[data-form=reply]")].some(touched);

function tell(about, doing, keepalive = false) {
  if (about) ask("/desk/here", new URLSearchParams({ ticket: about, doing, csrf: words.csrf }), { keepalive }).catch(() => {});
}

function now(force) {
  const doing = document.hidden ? "away" : writing() ? "editing" : "reading";
  if (there && there !== ticket()) tell(there, "gone");
  if (force || there !== ticket() || said !== doing) tell(ticket(), doing);
  there = ticket();
  said = doing;
}

export function show({ ticket: about, people }) {
  const place = document.getElementById("company");
  if (!place || about !== ticket()) return;
  const others = people.filter((one) => one.who !== words.me).map((one) => {
    const chip = document.createElement("span");
    chip.className = "one";
    chip.textContent = one.text;
    return chip;
  });
  if (place.textContent !== others.map((chip) => chip.textContent).join("")) place.replaceChildren(...others);
}

export function begin() {
  now(true);
  whenArrived(() => now(true));
  whenSettled(() => now(false));
  setInterval(() => { if (!document.hidden) now(true); }, EVERY);
  for (const event of ["focusin", "focusout", "input"]) main.addEventListener(event, () => setTimeout(() => now(false), 50));
  document.addEventListener("visibilitychange", () => now(true));
  addEventListener("pagehide", () => tell(ticket(), "gone", true));
}
