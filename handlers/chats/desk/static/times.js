// Times in the browser's own zone, relative ones as they grow, and the seconds of the undo window.
import { lang, main, words } from "./page.js";

const UNITS = [["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const relative = new Intl.RelativeTimeFormat(lang, { numeric: "always" });
const plural = new Intl.PluralRules(lang);
const hours = new Intl.DateTimeFormat(lang, { timeStyle: "short" }); // making one takes longer than all that it says
const days = new Intl.DateTimeFormat(lang, { dateStyle: "medium" });

// As the server says it: in the largest unit of which there are two, exact ones aside, and in minutes from 90 seconds;
// within ten seconds it is now.
function ago(at) {
  const seconds = Math.round((at - Date.now()) / 1000), long = Math.abs(seconds);
  if (long < 10) return words.now;
  if (long > 60 * 86400) return null;
  const [unit, length] = UNITS.find(([, size]) => long >= (size === 60 ? 90 : 2 * size) || long === size) ?? UNITS.at(-1);
  return relative.format(Math.sign(seconds) * Math.round(long / length), unit);
}

export function tell(root = document) {
  const today = new Date().toDateString();
  for (const place of root.querySelectorAll("time[datetime]")) {
    const at = new Date(place.dateTime);
    const time = hours.format(at);
    const whole = `${days.format(at)}, ${time}`;
    const said = place.classList.contains("clock") ? (at.toDateString() === today ? time : whole) : ago(at.getTime());
    if (said && place.textContent !== said) place.textContent = said;
    place.title = whole;
  }
}

let ends = 0, whole = 1, clockOf = null;
export function tick() {
  const clock = main.querySelector(".undo-clock");
  if (!clock) return;
  if (clock !== clockOf) {
    const left = Number(clock.dataset.left) * 1000;
    if (Math.abs(Date.now() + left - ends) > 1500) { ends = Date.now() + left; whole = Math.max(left, 1); }
    clockOf = clock;
  }
  const left = Math.max(0, ends - Date.now()), seconds = Math.ceil(left / 1000);
  const place = clock.querySelector(".countdown"), track = clock.querySelector(".track");
  const said = seconds ? (plural.select(seconds) === "one" ? place.dataset.one : place.dataset.many).replace("#", seconds) : "";
  if (place.textContent !== said) place.textContent = said;
  track.hidden = !seconds;
  track.firstElementChild.style.transform = `scaleX(${left / whole})`;
}

export function begin() {
  tell();
  setInterval(tick, 250);
  setInterval(() => { if (!document.hidden) tell(); }, 20000);
}
