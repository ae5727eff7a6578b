// The emulator's own HTTP interface.

export async function send(method, path, body) {
  const answer = await fetch("/_emulator/" + path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const json = answer.headers.get("content-type")?.startsWith("application/json");
  const given = json ? await answer.json() : await answer.text();
  if (!answer.ok) throw new Error(given.error ?? "the emulator answered " + answer.status);
  return given;
}

export function say(text) {
  // For eyes and for a screen reader; a text that is said again has to change in between.
  const said = document.getElementById("said");
  said.textContent = "";
  requestAnimationFrame(() => (said.textContent = text));
}
