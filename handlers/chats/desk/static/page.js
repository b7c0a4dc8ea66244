// The page's fixed places, and which ticket it shows. Everything else on it comes and goes.
export const body = document.body;
export const list = document.getElementById("list");
export const main = document.getElementById("thread");
export const live = document.getElementById("live");
export const hide = document.getElementById("hide-live");
export const box = document.getElementById("command");
export const banners = document.getElementById("banners");
export const state = document.getElementById("link-state");
export const tryNow = document.getElementById("try-now");

export const lang = document.documentElement.lang;
export const words = body.dataset; // sentences that only scripts say, in the reader's language
export const ticket = () => body.dataset.ticket;
export const thread = () => main.querySelector(".thread");
export const queue = () => list.querySelector(".queue");

// A request to the desk. Nothing but a refusal of the session counts as the session's end.
export function ask(address, fields, options = {}) {
  const headers = { Accept: options.accept ?? "application/json" };
  if (!fields) return fetch(address, { headers, credentials: "same-origin" });
  headers["X-CSRF-Token"] = words.csrf;
  return fetch(address, { method: "POST", body: fields, headers, credentials: "same-origin", keepalive: Boolean(options.keepalive) });
}
