// What a person does here: filter, copy, edit, delete, reset, faults and switches.
import { now } from "./live.js";
import { say, send } from "./send.js";

const editor = document.getElementById("editor");
const sure = document.getElementById("sure");
let editing = null;
let agreed = null;

function problem(id, text) {
  const place = document.getElementById(id);
  if (place) place.textContent = text;
  else say(text);
}

function ask(question, more, yes, then) {
  document.getElementById("sure-question").textContent = question;
  document.getElementById("sure-more").textContent = more;
  document.getElementById("sure-yes").textContent = yes;
  problem("sure-problem", "");
  agreed = then;
  sure.showModal();
}

async function edit(path) {
  const object = await send("GET", path);
  open_editor({ method: "PATCH", path, data: object.data });
}

function open_editor(what) {
  editing = what;
  const fields = document.getElementById("editor-fields");
  fields.replaceChildren();
  for (const [name, value] of Object.entries(what.data)) {
    const label = document.createElement("label");
    const area = document.createElement("textarea");
    label.textContent = name;
    label.htmlFor = area.id = "field-" + name;
    area.name = name;
    area.value = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    area.classList.toggle("json", typeof value !== "string");
    area.rows = Math.min(12, area.value.split("\n").length + Math.floor(area.value.length / 80));
    fields.append(label, area);
  }
  document.getElementById("editor-more").value = "";
  problem("editor-problem", "");
  editor.showModal();
}

function read(area) {
  if (typeof editing.data[area.name] === "string") return area.value;
  try {
    return JSON.parse(area.value);
  } catch {
    throw new Error(area.name + " is no JSON; a text stands in quotes");
  }
}

function more() {
  const text = document.getElementById("editor-more").value.trim();
  try {
    const given = JSON.parse(text || "{}");
    if (given instanceof Object && !Array.isArray(given)) return given;
  } catch {
    // said below
  }
  throw new Error('Other fields are a JSON object, such as {"field": "value"}');
}

async function save() {
  const changed = more();
  for (const area of editor.querySelectorAll("#editor-fields textarea")) {
    // A text area knows one kind of line end; what was not touched must not change by that.
    const was = editing.data[area.name];
    const now = read(area);
    const same = typeof was === "string" ? now === was.replace(/\r\n?/g, "\n") : JSON.stringify(now) === JSON.stringify(was);
    if (!same) changed[area.name] = now;
  }
  const names = Object.keys(changed);
  if (names.length || editing.method === "POST") await send(editing.method, editing.path, changed);
  editor.close();
  if (editing.method === "POST") say("Added");
  else say(names.length ? "Edited: " + names.join(", ") : "Nothing was changed");
}

function fault(form) {
  const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  const { more, ...settings } = given;
  for (const name of ["nth", "times", "probability", "status"]) if (name in settings) settings[name] = Number(settings[name]);
  if (!("times" in settings)) settings.times = null;
  try {
    return { ...settings, ...JSON.parse(more ?? "{}") };
  } catch {
    throw new Error('Other settings are JSON, such as {"seconds": 5}');
  }
}

function filter(form) {
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
  history.replaceState(null, "", form.getAttribute("action") + (asked.size ? "?" + asked : ""));
  return now();
}

const submits = {
  editor: [save, "editor-problem"],
  "add-fault": [async (form) => say((await send("POST", "faults", fault(form))).faults.length + " fault added"), "fault-problem"],
  "latency-form": [async (form) => say((await send("PUT", "latency", { ms: Number(new FormData(form).get("ms")) })).ms + " ms"), "latency-problem"],
  sure: [async () => {
    await agreed();
    sure.close();
  }, "sure-problem"],
};

function submitted(event) {
  const form = event.target;
  if (form.matches("[data-filter]")) {
    event.preventDefault();
    filter(form);
    return;
  }
  const [act, place] = submits[form.id || form.closest("dialog")?.id] ?? [];
  if (!act) return;
  event.preventDefault();
  problem(place, "");
  act(form).catch((wrong) => problem(place, wrong.message));
}

async function copy(id) {
  await navigator.clipboard.writeText(document.getElementById(id).textContent);
  say("Copied");
}

function clicked(event) {
  const button = event.target.closest("button");
  if (!button) return;
  const { add, edit: edited, remove, copy: copied, reset, clear, close, fault: removed } = button.dataset;
  const said = (wrong) => say(wrong.message);
  if (close !== undefined) button.closest("dialog").close();
  if (add) open_editor({ method: "POST", path: add, data: {} });
  if (edited) edit(edited).catch(said);
  if (copied) copy(copied).catch(() => say("The browser does not let this page copy; select the line by hand"));
  if (removed) send("DELETE", "faults/" + removed).then(() => say("The fault is gone"), said);
  if (clear !== undefined) send("DELETE", "faults").then(() => say("No more faults"), said);
  if (remove) {
    const more = "No API is called: the next pulumi refresh should find that it is gone.";
    ask("Delete this one as a colleague would in the dashboard?", more, "Delete", () => send("DELETE", remove));
  }
  if (reset !== undefined) {
    const more = "All objects, calls, faults, keys and switches. A stack that was deployed here will find nothing.";
    ask("Forget everything?", more, "Reset", async () => {
      await send("POST", "reset");
      say("Everything is forgotten");
    });
  }
}

function changed(event) {
  const it = event.target;
  if (it.form?.matches("[data-filter]")) filter(it.form);
  if (it.dataset.mode) {
    const value = it.type === "number" ? Number(it.value) : it.value;
    send("PUT", "modes/" + it.dataset.mode, { [it.dataset.name]: value }).then(
      () => say(it.dataset.name + ": " + value),
      (wrong) => say(wrong.message),
    );
  }
  if (it.dataset.rate) {
    const calls = it.value === "" ? null : Number(it.value);
    send("PUT", "rates/" + it.dataset.rate, { calls }).then(
      () => say(calls === null ? "No limit" : calls + " calls a second"),
      (wrong) => say(wrong.message),
    );
  }
  if (it.id === "kind") about(it);
}

function about(kind) {
  document.getElementById("kind-about").textContent = kind.selectedOptions[0]?.dataset.about ?? "";
}

export function listen() {
  document.addEventListener("submit", submitted);
  document.addEventListener("click", clicked);
  document.addEventListener("change", changed);
  const find = document.getElementById("q");
  find?.addEventListener("input", () => filter(find.form));
  const kind = document.getElementById("kind");
  if (kind) about(kind);
}
