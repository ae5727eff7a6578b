// Keeps the view up to date: the emulator rings, the view is fetched again, finished and escaped, and morphed into what stands here. What
// has not changed stays the same element, so that the place, a selection, an open part and a typed text are kept.
import { Idiomorph } from "./idiomorph.js";

const live = document.getElementById("live");
let again = () => {};
let waiting = null;
let running = false;
let missed = false;
let pause = 200;

export function morph(here, html) {
  Idiomorph.morph(here, html, {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: {
      // What the reader types into, and what another part of the page looks after.
      beforeNodeMorphed: (now) => !(now instanceof Element && now.hasAttribute("data-keep")),
      beforeAttributeUpdated: (name, element) => !(name === "open" && element.tagName === "DETAILS"),
      afterNodeAdded: (added) => {
        if (!(added instanceof Element)) return;
        for (const each of [added, ...added.querySelectorAll("li")]) if (each.tagName === "LI") each.classList.add("fresh");
      },
    },
  });
}

async function refresh() {
  const started = performance.now();
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.getElementById("main");
  if (!main) return;
  morph(document.getElementById("main"), main.innerHTML);
  if (document.title !== page.title) document.title = page.title;
  await again();
  open_target();
  // Calls come in bursts. The page leaves the emulator time for them: three times as long as it took itself.
  pause = Math.max(200, 3 * (performance.now() - started));
}

export async function now() {
  // One at a time, or an older view could overtake a newer one.
  if (running) {
    missed = true;
    return;
  }
  running = true;
  try {
    await refresh();
  } catch {
    // The event stream notices by itself when the emulator is gone, and rings when it is back.
  } finally {
    running = false;
    if (missed) {
      missed = false;
      soon();
    }
  }
}

export function soon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    now();
  }, pause);
}

function show(text, on) {
  if (live.textContent !== text) live.textContent = text;
  live.classList.toggle("on", on);
}

let target = "";
function open_target() {
  // A link to a call or to a vendor's switches opens it, once: /calls?number=12#call-12
  if (!location.hash || target === location.href) return;
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  target = location.href;
  if (named.tagName === "DETAILS") named.open = true;
}

export function start(also) {
  again = also;
  open_target();
  addEventListener("hashchange", () => {
    target = "";
    open_target();
  });
  addEventListener("popstate", soon);
  const events = new EventSource("/_emulator/events");
  events.onopen = () => show("live", true);
  events.onmessage = soon;
  events.onerror = () => show("the emulator does not answer; trying again …", false);
}
