// The phone of an agent. What has happened on it is kept here, as moves; how it looks comes from the emulator each time.
import { morph } from "./live.js";
import { send } from "./send.js";

const moves = [];
let asked = 0;
const side = () => document.getElementById("phone-side");

function given() {
  const lead = {};
  for (const input of side().querySelectorAll("[data-lead]")) lead[input.dataset.lead] = input.value;
  const answers = document.getElementById("answers").value.split("\n").filter((line) => line.trim());
  return { lead, moves, answers };
}

export async function refresh() {
  if (!side()) return;
  const problem = document.getElementById("phone-problem");
  const mine = ++asked;
  try {
    const html = await send("POST", "phone/" + side().dataset.phone, given());
    if (mine !== asked || !side()) return; // a later one is on its way
    morph(document.getElementById("phone"), html);
    problem.textContent = "";
  } catch (wrong) {
    problem.textContent = wrong.message;
  }
}

async function move(what) {
  moves.push(what);
  await refresh();
  const talk = side().querySelector(".talk");
  talk.scrollTop = talk.scrollHeight;
}

function submitted(event) {
  if (event.target.id !== "reply") return;
  event.preventDefault();
  const text = document.getElementById("text");
  if (text.value.trim()) move(text.value);
  text.value = "";
}

function clicked(event) {
  const button = event.target.closest("button");
  if (button?.dataset.say) move(button.dataset.say);
  if (button?.id === "pass") move(null);
  if (button?.id === "again") {
    moves.length = 0;
    refresh();
  }
}

function typed(event) {
  if (event.target.dataset.lead || event.target.id === "answers") refresh();
}

export function listen() {
  document.addEventListener("submit", submitted);
  document.addEventListener("click", clicked);
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
}
