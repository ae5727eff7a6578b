"use strict";
// Keeps the page up to date: the server sends the finished, escaped part; this puts it in place and keeps what is open open.

const main = document.getElementById("main");
const query = document.getElementById("q");
const live = document.getElementById("live");
const editor = document.getElementById("editor");
let editing = null;
let waiting = null;

function say(text, on) {
  if (live.textContent !== text) live.textContent = text;
  live.classList.toggle("on", on);
}

function open_ids() {
  return [...main.querySelectorAll("details[open]")].map((each) => each.id);
}

async function refresh() {
  waiting = null;
  const answer = await fetch("/_emulator/part?q=" + encodeURIComponent(query.value.trim()));
  if (!answer.ok) return;
  const html = await answer.text();
  const open = new Set(open_ids());
  const known = new Set([...main.querySelectorAll("details[id]")].map((each) => each.id));
  const focused = document.activeElement?.closest("details")?.id;
  main.innerHTML = html;
  for (const each of main.querySelectorAll("details[id]")) {
    if (open.has(each.id)) each.open = true;
    if (known.size && !known.has(each.id)) each.classList.add("fresh");
  }
  if (focused) document.getElementById(focused)?.querySelector("summary")?.focus({ preventScroll: true });
}

function soon() {
  // Calls come in bursts; a page a few times a second is enough.
  waiting ??= setTimeout(() => refresh().catch(() => {}), 200);
}

async function send(method, path, body) {
  const answer = await fetch("/_emulator/" + path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const given = await answer.json();
  if (!answer.ok) throw new Error(given.error);
  return given;
}

function object_path(from) {
  return from.vendor + "/objects/" + encodeURIComponent(from.edit ?? from.remove);
}

async function edit(from) {
  const object = await send("GET", object_path(from));
  editing = { path: object_path(from), data: object.data };
  const fields = document.getElementById("editor-fields");
  fields.replaceChildren();
  for (const [name, value] of Object.entries(object.data)) {
    const label = document.createElement("label");
    const area = document.createElement("textarea");
    label.textContent = name;
    label.htmlFor = area.id = "field-" + name;
    area.name = name;
    area.value = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    area.classList.toggle("json", typeof value !== "string");
    area.rows = Math.min(10, area.value.split("\n").length + Math.floor(area.value.length / 80));
    fields.append(label, area);
  }
  document.getElementById("editor-problem").textContent = "";
  editor.showModal();
}

async function save() {
  const changed = {};
  for (const area of editor.querySelectorAll("textarea")) {
    const was = editing.data[area.name];
    const now = typeof was === "string" ? area.value : JSON.parse(area.value);
    if (JSON.stringify(now) !== JSON.stringify(was)) changed[area.name] = now;
  }
  if (Object.keys(changed).length) await send("PATCH", editing.path, changed);
  editor.close();
}

editor.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  save().catch((problem) => (document.getElementById("editor-problem").textContent = problem.message));
});
document.getElementById("editor-cancel").addEventListener("click", () => editor.close());
document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());
query.addEventListener("input", soon);
document.getElementById("reset").addEventListener("click", () => {
  if (confirm("Forget all agents, calls, faults, keys and switches?")) send("POST", "reset").catch(() => {});
});
main.addEventListener("click", (event) => {
  const from = event.target.closest("button")?.dataset;
  if (from?.edit) edit(from).catch(() => {});
  if (from?.remove && confirm("Delete this one as a colleague would in the dashboard?")) send("DELETE", object_path(from)).catch(() => {});
});

const events = new EventSource("/_emulator/events");
events.onopen = () => say("live", true);
events.onmessage = soon;
events.onerror = () => say("the emulator does not answer; trying again …", false);

function open_target() {
  // A link to an agent or a call opens it: /#teli-<id>, /#call-12
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.tagName === "DETAILS") target.open = true;
}

addEventListener("hashchange", open_target);
open_target();
