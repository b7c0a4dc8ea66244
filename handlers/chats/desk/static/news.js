// News by server-sent events. Whoever was cut off fetches everything anew, and hears what was said meanwhile.
import { state, thread, ticket, tryNow, words } from "./page.js";
import { sayText, tell } from "./notes.js";
import { ended, redrawBanners, redrawList, redrawThread, redrawTold } from "./parts.js";
import * as people from "./people.js";

const PATIENCE = 1500; // milliseconds before a pause between two connections is called a loss
const SLOWEST = 60000;
let since = words.since, wait = 3000, lost = false, greeted = false, timer = null, open = null, next = null;

function loses() {
  if (timer === null) timer = setTimeout(() => {
    lost = true;
    state.textContent = words.offline;
    state.classList.remove("well");
    state.hidden = tryNow.hidden = false;
  }, PATIENCE);
}

function finds() {
  clearTimeout(timer);
  timer = null;
  wait = 3000;
  tryNow.hidden = true;
  if (!lost) { if (state.textContent === words.ended) state.hidden = true; return; }
  lost = false;
  state.textContent = words.online;
  state.classList.add("well");
  setTimeout(() => { if (!lost) state.hidden = true; }, 2500);
}

export function everything() {
  return Promise.all([redrawThread(), redrawList(), redrawBanners()]);
}

function listen() {
  clearTimeout(next);
  open?.close();
  const news = open = new EventSource(`/desk/events?since=${encodeURIComponent(since)}`);
  news.addEventListener("hello", (event) => {
    finds();
    if (greeted) redrawTold();
    if (greeted || event.lastEventId !== words.since) everything(); // else the page is as new as the connection
    greeted = true;
  });
  news.addEventListener("ticket", (event) => {
    const about = JSON.parse(event.data);
    if (about.ticket === null || about.ticket === ticket()) redrawThread();
    if (about.ticket === null) redrawBanners();
    redrawList();
  });
  news.addEventListener("presence", (event) => {
    people.show(JSON.parse(event.data));
    redrawThread.stale();
  });
  for (const kind of ["say", "tell"])
    news.addEventListener(kind, (event) => {
      const said = JSON.parse(event.data);
      since = event.lastEventId;
      if (kind === "tell") tell(said.text, said.ticket, said.key);
      else sayText(said.text, "info", said.ticket);
    });
  news.onerror = () => {
    loses();
    if (news.readyState === EventSource.CLOSED) again(); // a refusal ends it: find out which, and try again ourselves
  };
}

async function again() {
  try {
    const answer = await fetch("/desk/part/banners", { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (answer.status === 401) { clearTimeout(timer); timer = null; ended(); }
    else if (answer.ok) everything(); // too many pages, perhaps: asking now and then is slower news, but news
  } catch { /* still away */ }
  clearTimeout(next);
  next = setTimeout(listen, wait);
  wait = Math.min(wait * 2, SLOWEST);
}

export function begin() {
  listen();
  tryNow.addEventListener("click", () => { wait = 3000; listen(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && thread()) redrawThread(); });
  setInterval(() => { if (!document.hidden) { redrawList(); redrawBanners(); } }, 5 * 60000); // what is late grows
}
