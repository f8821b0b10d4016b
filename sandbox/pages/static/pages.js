// Keeps a page current and sends its forms without leaving it. Without this file everything works
// too: forms lead back to their page, and a reload shows what is new.
"use strict";

const PAUSE = 1200; // ms between two looks at whether the page has changed
let tag = "";
let busy = false;

// The two trees differ in few places: everything that is equal stays, so that nothing flickers,
// nobody loses a selection, and what a person folded or typed stays as it is.
function update(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName || old.id !== now.id) {
    old.replaceWith(now);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = now.nodeValue;
    return;
  }
  if (old.nodeName === "TIME" && old.dateTime === now.dateTime) return;
  if (old.nodeName === "TEXTAREA") return;
  const was = old.className;
  for (const { name } of [...old.attributes]) {
    if (!now.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value && name !== "open") old.setAttribute(name, value);
  }
  // A thread folds itself when it is settled; otherwise a person's folding stays.
  if (old.nodeName === "DETAILS" && old.className !== was) old.open = now.open;
  const waiting = new Map([...old.children].filter((it) => it.id).map((it) => [it.id, it]));
  let next = old.firstChild;
  for (const fresh of [...now.childNodes]) {
    const known = fresh.id ? waiting.get(fresh.id) : undefined;
    if (known && known !== next) old.insertBefore(known, next);
    if (known) {
      next = known.nextSibling;
      update(known, fresh);
    } else if (next && !fresh.id && !next.id && next.nodeName === fresh.nodeName) {
      const current = next;
      next = next.nextSibling;
      update(current, fresh);
    } else {
      old.insertBefore(fresh, next);
      if (fresh.nodeType === Node.ELEMENT_NODE && fresh.id) fresh.classList.add("fresh");
    }
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const region of document.querySelectorAll("[data-live]")) {
    const now = page.getElementById(region.id);
    if (now) update(region, document.importNode(now, true));
  }
  document.title = page.title;
  tellTimes();
  return page;
}

async function look() {
  if (busy || document.hidden || !document.querySelector("[data-live]")) return;
  const address = location.pathname + location.search;
  try {
    const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (busy || answer.status !== 200) return;
    const html = await answer.text();
    if (busy) return;
    show(html);
    tag = answer.headers.get("ETag") || "";
    document.body.classList.remove("away");
  } catch {
    document.body.classList.add("away"); // the server is gone; the next look may find it again
  }
}

function say(text, wrong) {
  const notice = document.getElementById("notice");
  if (!notice) return;
  notice.textContent = text;
  notice.setAttribute("role", wrong ? "alert" : "status");
  notice.classList.toggle("wrong", Boolean(wrong));
}

async function send(form, submitter) {
  busy = true;
  const body = new URLSearchParams(new FormData(form, submitter)); // a disabled button says nothing
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) {
      say(page.getElementById("error")?.textContent || "That did not work.", true);
      return;
    }
    if (form.hasAttribute("data-now")) {
      location.reload(); // who reads has changed, and with it every button
      return;
    }
    say(page.getElementById("notice")?.textContent || "");
    form.reset();
    show(page.documentElement.outerHTML);
    tag = "";
    const anchor = new URL(answer.url).hash.slice(1);
    if (form.id === "write" && anchor) document.getElementById(anchor)?.scrollIntoView({ block: "nearest" });
  } catch {
    say("The server did not answer. Is it still running?", true);
  } finally {
    busy = false;
    for (const button of buttons) button.disabled = false;
  }
}

// Only pages that change by themselves tell the time in relation to now.
function tellTimes() {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const time of document.querySelectorAll("time")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
    const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) || ["second", 1];
    if (unit === "day" && seconds < -30 * 86400) continue;
    const text = unit === "second" ? "just now" : words.format(Math.trunc(seconds / size), unit);
    if (time.textContent !== text) time.textContent = text;
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-now]");
  if (form) form.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("textarea")?.form;
  if (form) form.requestSubmit();
});
function reveal() {
  // A link to something in a folded thread unfolds it.
  const target = location.hash && document.getElementById(location.hash.slice(1));
  for (let it = target; it; it = it.parentElement) if (it.nodeName === "DETAILS") it.open = true;
  if (target) target.scrollIntoView();
}
window.addEventListener("hashchange", reveal);
reveal();
tellTimes();
setInterval(tellTimes, 20000);
setInterval(look, PAUSE);
document.addEventListener("visibilitychange", look);
