// Makes the desk live. Without it every form and link works by itself, with a page load.
//
// One rule stands above all others here: what somebody is writing is never overwritten. A form that was touched is
// moved into the new page part as it is, with the revision number that its writer saw.
"use strict";
(() => {
  const body = document.body;
  const list = document.getElementById("list");
  const main = document.getElementById("thread");
  const live = document.getElementById("live");
  const box = document.getElementById("command");
  const banners = document.getElementById("banners");
  const state = document.getElementById("link-state");
  if (!list || !main || !live || !box) return;
  const hide = document.getElementById("hide-live");
  const READ_FIRST = 1500; // milliseconds in which a new revision cannot be approved by a click meant for the old one

  const lang = document.documentElement.lang;
  const plural = new Intl.PluralRules(lang);
  const ticket = () => body.dataset.ticket;
  const thread = () => main.querySelector(".thread");

  // --- what is said -------------------------------------------------------------------------------------------

  // A note goes when it is old, or when the ticket has moved on since. What must not be missed stays until somebody
  // hides it or does the next thing: a refusal, a list that was asked for, a word to this person alone.
  const READ = 12000, SETTLE = 1000; // milliseconds: to read a note in; in which a change is the one it speaks of
  const stateNow = () => `${ticket()} ${thread()?.dataset.state}`;
  const stays = (note) => note.matches(".refused, .stays") || note.querySelector("li") !== null;

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
  function moveOn() {
    const now = stateNow();
    for (const note of [...live.querySelectorAll(".answer")]) {
      if (note.about === undefined || Date.now() - note.born < SETTLE) note.about = now;
      else if (note.about !== now && !stays(note)) remove(note);
    }
  }

  function hideAll() {
    for (const note of [...live.querySelectorAll(".answer")]) remove(note);
    if (document.activeElement === hide) box.elements.line.focus();
  }

  function show(...nodes) {
    while (live.children.length > 3) live.firstElementChild.remove();
    live.append(...nodes);
    live.scrollTop = live.scrollHeight;
    for (const note of live.querySelectorAll(".answer")) if (note.born === undefined) age(note);
  }

  function say(html) {
    const wrap = document.createElement("div");
    wrap.innerHTML = html; // made by our own templates, which escape everything
    for (const note of [...live.children]) if (!note.matches(".stays")) note.remove();
    show(...wrap.childNodes);
  }

  function sayText(text, kind, about) {
    const note = document.createElement("div");
    const line = document.createElement("p");
    note.className = `answer ${kind}`;
    if (about) line.append(`${about}: `);
    text.split(/`([^`\n]+)`/).forEach((part, at) => {
      if (at % 2 === 0) { line.append(part); return; }
      const code = document.createElement("code");
      code.textContent = part;
      line.append(code);
    });
    note.append(line);
    show(note);
    return note;
  }

  new MutationObserver(() => { hide.hidden = !live.querySelector(".answer"); }).observe(live, { childList: true });
  hide.addEventListener("click", hideAll);
  hide.hidden = !live.querySelector(".answer");

  // --- page parts ---------------------------------------------------------------------------------------------

  const touched = (form) =>
    [...form.elements].some((field) => {
      if (field.type === "hidden" || field.tagName === "BUTTON") return false;
      if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected) && form.contains(document.activeElement);
      return field.value !== field.defaultValue || field === document.activeElement;
    });

  function caretOf(field) {
    if (!field || field.selectionStart === undefined) return () => {};
    const { selectionStart, selectionEnd, scrollTop } = field;
    return () => {
      field.focus({ preventScroll: true });
      try { field.setSelectionRange(selectionStart, selectionEnd); } catch { /* a select, or a button */ }
      field.scrollTop = scrollTop;
    };
  }

  function swap(place, html) {
    const next = document.createElement("template");
    next.innerHTML = html;
    const open = [...place.querySelectorAll("details[data-keep][open]")].map((fold) => fold.dataset.keep);
    const kept = [...place.querySelectorAll("form[data-form], form.search")].filter(touched);
    const focused = document.activeElement;
    const restore = kept.some((form) => form.contains(focused)) ? caretOf(focused) : null;
    const again = !restore && place.contains(focused) ? focused.closest("[data-key], a.row") : null;
    const top = place.scrollTop;
    let parted = false;
    for (const form of kept) {
      const twin = form.dataset.form
        ? next.content.querySelector(`form[data-form="${form.dataset.form}"]`)
        : next.content.querySelector("form.search");
      if (twin) {
        const csrf = twin.elements.csrf;
        if (csrf && form.elements.csrf) form.elements.csrf.value = csrf.value;
        twin.replaceWith(form);
      } else {
        // Nothing may be decided with it now, but nobody's words are thrown away.
        for (const button of form.querySelectorAll("button")) button.disabled = true;
        (next.content.querySelector(".thread") || next.content).append(form);
        parted = true;
      }
    }
    place.replaceChildren(next.content);
    for (const name of open) place.querySelector(`details[data-keep="${name}"]`)?.setAttribute("open", "");
    place.scrollTop = top;
    if (restore) restore();
    else if (again?.dataset.key) place.querySelector(`[data-key="${again.dataset.key}"]`)?.focus({ preventScroll: true });
    else if (again) place.querySelector(`a.row[href="${again.getAttribute("href")}"]`)?.focus({ preventScroll: true });
    if (parted) sayText(body.dataset.parted, "refused");
    return kept.length > 0;
  }

  async function part(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.status === 401 || answer.status === 503) { location.reload(); return null; }
    return answer.ok ? answer.text() : null;
  }

  async function drawList() {
    const query = new URLSearchParams(location.pathname === "/desk" ? location.search : list.dataset.query || "");
    if (location.pathname === "/desk") list.dataset.query = location.search;
    query.set("at", ticket());
    const html = await part(`/desk/part/list?${query}`);
    if (html === null) return;
    swap(list, html);
    settle();
  }

  async function drawBanners() {
    const html = await part("/desk/part/banners");
    if (html !== null) banners.innerHTML = html;
  }

  async function drawThread() {
    const id = ticket();
    if (!id) return;
    const html = await part(`/desk/part/t/${encodeURIComponent(id)}`);
    if (html === null || id !== ticket()) return;
    const before = thread()?.dataset.revision;
    const busy = swap(main, html);
    const after = thread()?.dataset.revision;
    moveOn();
    if (before !== undefined && before !== after) {
      if (busy) sayText(body.dataset.typing, "info");
      else if (before && after && after > before) sayText(body.dataset.changed, "info").about = stateNow();
      holdApproval();
    }
    settle();
  }

  let heldUntil = 0;
  function holdApproval() {
    heldUntil = Date.now() + READ_FIRST;
    setTimeout(release, READ_FIRST);
  }
  // What the button would publish is the saved text, not the words that somebody is still writing.
  function release() {
    const approve = main.querySelector("[data-key=a]");
    if (!approve) return;
    const area = main.querySelector("form[data-form=edit] textarea");
    const dirty = Boolean(area) && (area.value !== area.defaultValue || "unsaved" in area.dataset);
    approve.disabled = dirty || Date.now() < heldUntil || "busy" in approve.form.dataset;
    approve.title = dirty ? body.dataset.dirty : "";
  }

  // Fetch each part at most once at a time; what comes in meanwhile leads to one more fetch.
  function single(draw) {
    let running = false, again = false;
    return async () => {
      if (running) { again = true; return; }
      running = true;
      try { do { again = false; await draw(); } while (again); } catch { /* the news stream tells */ } finally { running = false; }
    };
  }
  const redrawList = single(drawList);
  const redrawThread = single(drawThread);
  const redrawBanners = single(drawBanners);

  // A list that was asked for before one moved on still knows the old place.
  function markCurrent() {
    for (const row of list.querySelectorAll("a.row")) {
      if (row.getAttribute("href") === `/desk/t/${ticket()}`) row.setAttribute("aria-current", "page");
      else row.removeAttribute("aria-current");
    }
  }

  // What depends on the parts that are there now.
  function settle() {
    markCurrent();
    body.classList.toggle("nothing", !list.querySelector(".row"));
    const shown = thread();
    box.elements.ticket.value = shown ? shown.dataset.ticket : "";
    box.elements.revision.value = shown ? shown.dataset.revision : "";
    box.elements.seen.value = shown ? shown.dataset.seen : "";
    release();
    localTimes();
    for (const button of main.querySelectorAll("[data-copy]")) button.hidden = false;
    if (shown) box.elements.line.placeholder = box.elements.line.dataset.here;
    for (const area of document.querySelectorAll("textarea[data-max]")) count(area);
    tick();
  }

  function count(area) {
    const counter = document.querySelector(`.counter[data-for="${area.id}"]`);
    if (!counter) return;
    const length = [...area.value].length, max = Number(area.dataset.max);
    counter.textContent = max ? `${length} / ${max}` : `${length}`;
    counter.classList.toggle("over", Boolean(max) && length > max);
  }

  let ends = 0, clockOf = null;
  function tick() {
    const clock = main.querySelector(".countdown");
    if (!clock) return;
    if (clock !== clockOf) { clockOf = clock; ends = Date.now() + Number(clock.dataset.left) * 1000; }
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    const word = plural.select(left) === "one" ? clock.dataset.one : clock.dataset.many;
    const said = left ? word.replace("#", left) : "";
    if (clock.textContent !== said) clock.textContent = said;
  }
  setInterval(tick, 500);

  // The server does not know where its reader is: times are said anew in the browser's zone, today's without a date.
  function localTimes() {
    const today = new Date().toDateString();
    for (const place of document.querySelectorAll("time[datetime]")) {
      const at = new Date(place.dateTime);
      const time = at.toLocaleTimeString(lang, { timeStyle: "short" });
      const whole = `${at.toLocaleDateString(lang, { dateStyle: "medium" })}, ${time}`;
      if (place.className === "clock") place.textContent = at.toDateString() === today ? time : whole;
      else place.title = whole;
    }
  }

  // --- going places -------------------------------------------------------------------------------------------

  async function go(address, remember) {
    const url = new URL(address, location.origin);
    const match = url.pathname.match(/^\/desk\/t\/([\w-]+)$/);
    if (!match) { location.assign(url); return; }
    const stays = body.dataset.ticket === match[1];
    body.dataset.ticket = match[1];
    body.classList.replace("at-list", "at-thread");
    if (remember && !stays) history.pushState(null, "", url.pathname);
    document.title = `${match[1]} · ${document.title.split(" · ").slice(1).join(" · ")}`;
    markCurrent();
    if (!stays) { main.replaceChildren(); main.scrollTop = 0; }
    await redrawThread();
  }

  const unsaved = () => [...main.querySelectorAll("form[data-form]")].some((form) => touched(form) && [...form.elements].some((field) => field.defaultValue !== undefined && field.type !== "hidden" && field.value !== field.defaultValue));

  document.addEventListener("click", (event) => {
    const row = event.target.closest("a.row, .live a[href^='/desk/t/']");
    if (!row || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    if (unsaved()) return; // a page load asks first
    event.preventDefault();
    if (location.pathname === "/desk") list.dataset.query = location.search;
    go(row.getAttribute("href"), true).then(() => main.focus({ preventScroll: true }));
  });
  addEventListener("popstate", () => (location.pathname.startsWith("/desk/t/") ? go(location.pathname, false) : location.reload()));
  addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });

  // --- forms --------------------------------------------------------------------------------------------------

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || !(form === box || main.contains(form))) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    const buttons = [...form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    form.dataset.busy = "";
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: fields, credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRF-Token": body.dataset.csrf },
      });
      const said = await answer.json();
      if (said.html) say(said.html); else sayText(said.text, "refused");
      if (said.kind !== "refused") {
        form.reset();
        form.closest("details.fold")?.removeAttribute("open");
        if (form === box) box.elements.line.defaultValue = box.elements.line.value = "";
      }
      if (said.next && said.kind !== "refused" && said.next !== location.pathname && said.next !== "/desk") await go(said.next, true);
    } catch {
      sayText(body.dataset.failed, "refused");
    } finally {
      for (const button of buttons) button.disabled = false;
      delete form.dataset.busy;
      release();
    }
    redrawThread();
    redrawList();
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea[data-max]")) return;
    count(event.target);
    release();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const area = document.getElementById(button.dataset.copy);
    area.select();
    try { await navigator.clipboard.writeText(area.value); } catch { document.execCommand("copy"); } // http has only this
    sayText(body.dataset.copied, "info");
  });

  // --- keys ---------------------------------------------------------------------------------------------------

  function move(step) {
    const rows = [...list.querySelectorAll("a.row")];
    const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next) { next.focus(); next.click(); }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest("select, [type=search]")) { hideAll(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if ("aerc".includes(event.key) && event.key.length === 1) {
      const control = main.querySelector(`[data-key="${event.key}"]`);
      if (!control) return;
      event.preventDefault();
      // Approving takes the key twice: the first press only points at the button.
      if (event.key === "a" && document.activeElement !== control) { control.focus(); return; }
      control.click();
      control.closest("details")?.querySelector("textarea, input:not([type=hidden])")?.focus();
    } else if (event.key === "/") { event.preventDefault(); box.elements.line.focus(); }
  });

  // --- news ---------------------------------------------------------------------------------------------------

  let since = body.dataset.since;
  function listen() {
    const news = new EventSource(`/desk/events?since=${encodeURIComponent(since)}`);
    const lost = (gone) => { state.textContent = gone ? body.dataset.offline : ""; state.hidden = !gone; };
    news.addEventListener("hello", () => { lost(false); redrawThread(); redrawList(); redrawBanners(); });
    news.addEventListener("ticket", (event) => {
      const about = JSON.parse(event.data);
      if (about.ticket === null || about.ticket === ticket()) redrawThread();
      if (about.ticket === null) redrawBanners();
      redrawList();
    });
    for (const kind of ["say", "tell"])
      news.addEventListener(kind, (event) => {
        const said = JSON.parse(event.data);
        since = event.lastEventId;
        sayText(said.text, kind === "tell" ? "info stays" : "info", said.ticket);
      });
    news.onerror = () => {
      lost(true);
      if (news.readyState === EventSource.CLOSED) setTimeout(listen, 3000); // a refusal ends it: try again ourselves
    };
  }

  for (const note of live.querySelectorAll(".answer")) age(note);
  settle();
  moveOn();
  listen();
  setInterval(() => { redrawList(); redrawBanners(); if (!unsaved()) redrawThread(); }, 60000); // relative times grow old
})();
