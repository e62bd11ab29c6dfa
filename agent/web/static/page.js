// The page: asks, follows the events of a run, and shows them. The server has made every text safe.
const $ = (id) => document.getElementById(id);
const WORDS = JSON.parse($("words").textContent);
const root = document.documentElement;
const form = $("ask"), box = $("question"), turns = $("turns"), status = $("status");
const others = new BroadcastChannel("sectorvane");
let thread = null; // the conversation shown
let live = null; // the run being followed: {run, turn, source, seen}
let asking = null; // the turn whose question is on its way to the server
let views = 0; // conversations shown so far: what comes late for an earlier one is dropped

// ---- words -------------------------------------------------------------------------------------
export function say(key, values = {}, language = root.lang) {
  const text = (WORDS.page[language] ?? WORDS.page.en)[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
function speak(language) {
  if (!WORDS.page[language] || root.lang === language) return;
  root.lang = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = say(node.dataset.word);
  box.placeholder = say("placeholder");
  nameTheme();
  showExamples();
  showDesk();
}
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children.filter((child) => child != null));
  return node;
}
function tell(text, { wrong = false, unseen = "" } = {}) {
  status.classList.toggle("wrong-now", wrong);
  status.replaceChildren(text, unseen ? make("span", { class: "unseen" }, ` ${unseen}`) : "");
}

// ---- the server --------------------------------------------------------------------------------
export async function get(path, options) {
  let answer;
  try { answer = await fetch(path, { ...options, credentials: "same-origin" }); } catch { throw Object.assign(new Error(say("left")), { content: {} }); }
  const content = await answer.json().catch(() => ({ sentence: say("left") }));
  if (!answer.ok) throw Object.assign(new Error(content.sentence), { content });
  return content;
}
const send = (path, content = {}) =>
  get(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(content) });

// ---- one question and its answer ----------------------------------------------------------------
function addTurn(question) {
  $("empty").hidden = true;
  const name = `q${turns.children.length}`;
  const heading = make("h2", { class: "asked", id: name, tabindex: -1 }, question);
  const turn = make("article", { class: "turn", "aria-labelledby": name }, heading, make("div", { class: "answer" }));
  turns.append(turn);
  return turn;
}
const answerOf = (turn) => turn.querySelector(".answer");

function showPlan(turn, calls, open) {
  turn.querySelector(".plan")?.remove();
  if (!calls.length) return;
  const names = WORDS.tools[root.lang] ?? WORDS.tools.en;
  const list = make("ol", { "aria-label": say("calls_made") });
  for (const call of calls) {
    const state = call.held || call.status === "cached" ? "ok" : call.status ?? "waiting";
    const took = call.held || call.status === "cached" ? say("held") : took_(call);
    list.append(make("li", { class: state, "data-key": call.key },
      make("span", { class: "tool" }, names[call.tool] ?? call.tool),
      make("span", { class: "detail" }, call.detail ?? ""), make("span", { class: "took" }, took)));
  }
  const count = calls.length === 1 ? say("calls_one") : say("calls", { n: calls.length });
  turn.insertBefore(make("details", { class: "plan", open }, make("summary", {}, `${say("plan")} · ${count}`), list), answerOf(turn));
}
const took_ = (call) => (call.status === "failed" ? say("failed") : call.ms >= 0.5 ? duration(call.ms) : "");
function duration(ms) {
  const value = ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
  return root.lang === "vi" ? value.replace(".", ",") : value;
}
function tick(turn, call) {
  const row = [...turn.querySelectorAll(".plan li")].find((one) => one.dataset.key === call.key);
  if (row) {
    row.className = call.status === "failed" ? "failed" : "ok";
    row.lastChild.textContent = took_(call);
  }
  const all = turn.querySelectorAll(".plan li");
  const done = turn.querySelectorAll(".plan li:not(.waiting)");
  if (done.length < all.length) tell(say("fetching", { n: done.length, of: all.length }));
}
function addBlock(turn, html) {
  const part = make("template");
  part.innerHTML = html;
  const before = answerOf(turn).childElementCount;
  answerOf(turn).append(part.content);
  for (const table of [...answerOf(turn).children].slice(before)) for (const one of table.querySelectorAll("table")) sortable(one);
}
function finish(turn, answer, { fresh = false } = {}) {
  speak(answer.language);
  answerOf(turn).lang = answer.language;
  turn.querySelector("h2").lang = answer.language;
  turn.dataset.run = answer.run;
  showPlan(turn, answer.plan, false);
  const after = make("div", { class: "after" });
  if (answer.choices.length) after.append(make("h3", { class: "unseen" }, say("choices")), offers(answer.choices));
  else if (answer.followups.length) after.append(make("h3", {}, say("next")), offers(answer.followups));
  const saved = `/api/answers/${encodeURIComponent(answer.run)}/markdown`;
  if (answer.plan.length) after.append(make("p", { class: "links" }, make("a", { href: saved, download: true }, say("save"))));
  if (answer.charts) {
    const place = make("div", { class: "charts", "data-label": say("charts") });
    const lead = answerOf(turn).querySelector(".lead");
    const heat = [...answerOf(turn).querySelectorAll("section")].find((one) => one.querySelector(".high1,.high2,.low1,.low2"));
    (heat ?? lead ?? answerOf(turn).lastElementChild)?.after(place);
    whenSeen(place, async () => (await import("/static/charts.js")).mount(place, answer.run));
  }
  turn.append(after);
  if (fresh) {
    for (const old of document.querySelectorAll(".turn:not(:last-child) .after .offers")) old.previousElementSibling?.remove(), old.remove();
    const headline = answerOf(turn).querySelector(".headline")?.textContent ?? answerOf(turn).querySelector(".lead p")?.textContent ?? "";
    tell(say("answered", { s: root.lang === "vi" ? String(answer.seconds).replace(".", ",") : answer.seconds }), { unseen: headline });
  }
}
function offers(questions) {
  const list = make("ul", { class: "offers" });
  for (const question of questions) {
    const button = make("button", { type: "button" }, question);
    button.addEventListener("click", () => ask(question));
    list.append(make("li", {}, button));
  }
  return list;
}
function broke(turn, sentence) {
  answerOf(turn).append(make("p", { class: "wrong" }, sentence));
  askAgain(turn);
  tell(sentence, { wrong: true });
}
function askAgain(turn) {
  for (const row of turn.querySelectorAll(".plan .waiting")) row.className = "dropped";
  const button = make("button", { type: "button" }, say("again"));
  const question = turn.querySelector("h2").textContent;
  button.addEventListener("click", () => { turn.remove(); ask(question); });
  turn.append(make("div", { class: "after" }, make("ul", { class: "offers" }, make("li", {}, button))));
}
function whenSeen(node, act) {
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) { watch.disconnect(); act(); }
  }, { rootMargin: "300px" });
  watch.observe(node);
}

// ---- asking and following ------------------------------------------------------------------------
async function ask(question) {
  question = question.trim();
  if (!question) return tell(say("empty"), { wrong: true });
  if (live || asking) return;
  const turn = (asking = addTurn(question));
  working(true);
  tell(say("reading"));
  turn.scrollIntoView({ block: "start", behavior: "smooth" });
  try {
    const begun = await send("/api/questions", { thread, question });
    if (asking !== turn) return;
    asking = null;
    box.value = "";
    if (!thread) document.title = `${question} · Sectorvane`;
    settle(begun.thread);
    follow(begun.run, turn);
    if (turn.dataset.stop) stop();
    others.postMessage({ thread, run: begun.run });
  } catch (error) {
    if (asking !== turn) return;
    asking = null;
    working(false);
    if (error.content.run) { turn.remove(); follow(error.content.run); } else broke(turn, error.message);
    if (error.content.run) tell(error.message, { wrong: true });
  }
  box.focus({ preventScroll: true });
}
function follow(run, turn = null) {
  if (live) return;
  live = { run, turn, seen: 0, source: null };
  working(true);
  if (!document.hidden) listen();
}
function listen() {
  const mine = live;
  mine.source = new EventSource(`/api/runs/${mine.run}/events?after=${mine.seen}`);
  for (const [name, act] of Object.entries(EVENTS)) {
    mine.source.addEventListener(name, (event) => {
      if (live !== mine) return mine.source.close();
      mine.seen = Number(event.lastEventId);
      act(mine, JSON.parse(event.data));
    });
  }
  mine.source.onerror = () => {
    if (live !== mine) return;
    tell(say("left"), { wrong: true });
    if (mine.source.readyState === EventSource.CLOSED) over((turn) => turn && broke(turn, say("left")));
  };
}
function over(last) {
  const turn = live?.turn;
  live?.source?.close();
  live = null;
  working(false);
  last(turn);
  listConversations();
}
const EVENTS = {
  asked: (run, { question }) => { run.turn ??= addTurn(question); tell(say("reading")); },
  plan: (run, { calls }) => {
    showPlan(run.turn, calls, true);
    const waiting = calls.filter((call) => !call.held).length;
    if (waiting) tell(say("fetching", { n: calls.length - waiting, of: calls.length }));
  },
  call: (run, call) => tick(run.turn, call),
  stage: (_, { stage }) => tell(say(stage)),
  writing: (_, { characters }) => tell(say("writing", { n: characters })),
  block: (run, { html }) => addBlock(run.turn, html),
  answered: (run, answer) => over(() => finish(run.turn, answer, { fresh: true })),
  failed: (run, { sentence }) => over(() => broke(run.turn, sentence)),
  stopped: (run) => over(() => {
    answerOf(run.turn).replaceChildren(make("p", { class: "halted" }, say("stopped")));
    askAgain(run.turn);
    tell(say("stopped"));
  }),
};
function working(now) {
  $("send").hidden = now;
  $("stop").hidden = !now;
  turns.setAttribute("aria-busy", String(now));
}
async function stop() {
  if (!live && !asking) return;
  tell(say("stopping"));
  if (!live) return void (asking.dataset.stop = "soon"); // its run has no name yet
  await send(`/api/runs/${live.run}/stop`).catch((error) => over((turn) => turn && broke(turn, error.message)));
  box.focus({ preventScroll: true });
}

// ---- conversations -------------------------------------------------------------------------------
function settle(name) {
  if (thread === name) return;
  thread = name;
  history.pushState({}, "", `/c/${encodeURIComponent(name)}`);
}
function leave() {
  live?.source?.close();
  live = asking = null;
  working(false);
  thread = null;
  turns.replaceChildren();
  $("empty").hidden = false;
  document.title = "Sectorvane";
  tell("");
}
async function show() {
  leave();
  const view = ++views;
  const wanted = location.pathname.startsWith("/c/") ? decodeURIComponent(location.pathname.slice(3)) : null;
  listConversations();
  if (!wanted) return box.focus();
  $("empty").hidden = true;
  tell(say("loading"));
  try {
    const found = await get(`/api/conversations/${encodeURIComponent(wanted)}`);
    if (view !== views) return;
    thread = found.thread;
    document.title = `${found.title} · Sectorvane`;
    for (const { blocks, answered } of found.turns) {
      const turn = addTurn(answered.question);
      speak(answered.language);
      for (const html of blocks) addBlock(turn, html);
      finish(turn, answered);
    }
    for (const old of document.querySelectorAll(".turn:not(:last-child) .after .offers")) old.previousElementSibling?.remove(), old.remove();
    tell("");
    turns.lastElementChild?.scrollIntoView({ block: "start" });
    if (found.run) follow(found.run);
    listConversations();
  } catch (error) {
    if (view !== views) return;
    $("empty").hidden = false;
    tell(error.message, { wrong: true });
  }
  box.focus({ preventScroll: true });
}
async function listConversations() {
  const { conversations } = await get("/api/conversations").catch(() => ({ conversations: [] }));
  $("no-conversations").hidden = conversations.length > 0;
  $("conversations").replaceChildren(...conversations.map((one) =>
    make("li", {}, make("a", { href: `/c/${encodeURIComponent(one.thread)}`, "aria-current": one.thread === thread ? "page" : null },
      make("span", { class: "title" }, one.title), make("time", { datetime: one.last_at }, when(one.last_at))))));
}
const when = (at) => new Date(at).toLocaleString(root.lang, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
function visit(event) {
  const link = event.target.closest("a[href^='/']");
  if (!link || link.hasAttribute("download") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.pushState({}, "", link.getAttribute("href"));
  menu(false);
  show();
}

// ---- tables that sort ----------------------------------------------------------------------------
function valueIn(text) {
  const plain = text.replace(/[\s\u00a0▲▼·]/g, "").replace("−", "-");
  if (!/^[+-]?[\d.,]*\d\.?%?$/.test(plain)) return null;
  const bare = plain.replace(/%|\.$/g, "");
  return Number(root.lang === "vi" ? bare.replaceAll(".", "").replace(",", ".") : bare.replaceAll(",", ""));
}
function sortable(table) {
  const body = table.tBodies[0];
  const rows = body ? [...body.rows] : [];
  if (rows.length < 4 || rows.some((row) => row.cells[0].textContent.startsWith("="))) return;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const values = rows.map((row) => row.cells[column]?.textContent.trim() ?? "");
    const numbers = values.filter((text) => /\d/.test(text));
    const numeric = numbers.length > 0;
    if (numeric && numbers.some((text) => valueIn(text) === null)) return;
    const button = make("button", { type: "button", class: "sort" }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numeric;
      for (const one of head.parentNode.cells) one.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const of = (row) => row.cells[column].textContent.trim();
      const order = (a, b) => (numeric ? (valueIn(of(a)) ?? -Infinity) - (valueIn(of(b)) ?? -Infinity) : of(a).localeCompare(of(b), root.lang));
      body.append(...rows.sort((a, b) => (down ? order(b, a) : order(a, b))));
    });
  });
}

// ---- colours, menu, market -----------------------------------------------------------------------
const THEMES = ["auto", "light", "dark"];
function nameTheme() { $("theme-name").textContent = say(`theme_${root.dataset.theme}`); }
$("theme").addEventListener("click", () => {
  root.dataset.theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
  document.cookie = `sectorvane-theme=${root.dataset.theme}; path=/; SameSite=Strict; max-age=31536000`;
  nameTheme();
  tell($("theme-name").textContent);
  document.dispatchEvent(new Event("theme"));
});
function menu(open) {
  $("side").classList.toggle("open", open);
  $("menu").setAttribute("aria-expanded", String(open));
  if (open) $("new").focus();
}
let desk = null;
function showDesk() {
  if (!desk) return;
  $("desk").textContent = `${(desk.market[root.lang] ?? desk.market.en).replace(/^[^,]*SIMULATED[^,]*, /, "")} · ${say("as_of")} ${desk.as_of}${desk.model ? ` · ${desk.model}` : ""}`;
  $("simulated").hidden = !desk.simulated;
}
function showExamples() {
  $("examples").replaceChildren(...offers(WORDS.examples[root.lang] ?? WORDS.examples.en).children);
}

// ---- begin ---------------------------------------------------------------------------------------
form.addEventListener("submit", (event) => { event.preventDefault(); ask(box.value); });
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if ($("side").classList.contains("open")) { menu(false); $("menu").focus(); } else stop();
});
$("stop").addEventListener("click", stop);
$("menu").addEventListener("click", () => menu($("menu").getAttribute("aria-expanded") !== "true"));
$("side").addEventListener("click", visit);
$("home").addEventListener("click", visit);
window.addEventListener("popstate", show);
window.addEventListener("beforeprint", () => { for (const one of document.querySelectorAll(".answer details")) one.open = true; });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return live?.source?.close();
  if (live && live.source?.readyState !== EventSource.OPEN) listen();
  listConversations();
});
others.onmessage = ({ data }) => { if (data.thread === thread && !live) follow(data.run); };
nameTheme();
showExamples();
show();
get("/api/desk").then((found) => { desk = found; showDesk(); }).catch((error) => tell(error.message, { wrong: true }));
