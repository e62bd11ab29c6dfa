// The charts of one answer, one at a time behind tabs; the drawing library comes with the first.
import { get, make, say } from "/static/page.js";

const root = document.documentElement;
let library = null;
function plotly() {
  library ??= new Promise((resolve, reject) => {
    const script = make("script", { src: "/charts/plotly.min.js" });
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}
const dark = () => root.dataset.theme === "dark" || (root.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);

export async function mount(place, run) {
  const path = `/api/answers/${encodeURIComponent(run)}/charts`;
  const { charts } = await get(path).catch(() => ({ charts: [] }));
  if (!charts.length) return place.remove();
  const panel = make("div", { class: "panel", role: "tabpanel", id: `panel-${run}`, tabindex: 0 });
  const tabs = make("div", { class: "tabs", role: "tablist", "aria-label": place.dataset.label });
  for (const chart of charts) {
    tabs.append(make("button", { type: "button", role: "tab", id: `${chart.name}-${run}`, "aria-controls": panel.id, "data-name": chart.name, "aria-selected": "false", tabindex: -1 }, chart.title));
  }
  place.append(tabs, panel);
  let narrow = null;
  const select = (tab) => {
    for (const one of tabs.children) { one.setAttribute("aria-selected", String(one === tab)); one.tabIndex = one === tab ? 0 : -1; }
    panel.setAttribute("aria-labelledby", tab.id);
    draw();
  };
  const chosen = () => tabs.querySelector("[aria-selected=true]");
  let sector = null, latest = 0;
  const draw = async () => {
    const turn = ++latest, tab = chosen();
    narrow = panel.clientWidth < 560;
    const asked = new URLSearchParams({ theme: dark() ? "dark" : "light", narrow: narrow ? "1" : "0" });
    if (sector && tab.dataset.name === "waterfall") asked.set("sector", sector);
    try {
      const [chart, Plotly] = await Promise.all([get(`${path}/${tab.dataset.name}?${asked}`), plotly()]);
      if (turn !== latest) return;
      const plot = make("div", { class: "plot", role: "img", "aria-label": `${tab.textContent}. ${chart.note}` });
      const had = panel.contains(document.activeElement) && document.activeElement.tagName === "SELECT";
      for (const old of panel.querySelectorAll(".plot")) Plotly.purge(old);
      panel.replaceChildren(...[sectors(chart, tab), plot, make("p", { class: "note" }, chart.note), numbers(chart, tab)].filter(Boolean));
      await Plotly.newPlot(plot, chart.figure.data, chart.figure.layout, { displayModeBar: false, responsive: true });
      if (tab.dataset.name === "rotation") stress(plot, Plotly);
      if (had) panel.querySelector("select")?.focus();
    } catch (error) {
      panel.replaceChildren(make("p", { class: "note" }, error.message ?? ""));
    }
  };
  const sectors = (chart, tab) => {
    if (!chart.sectors.length) return null;
    const list = make("select", { "aria-label": tab.textContent });
    for (const one of chart.sectors) list.append(make("option", { value: one.code, selected: one.code === sector }, one.name));
    if (sector) list.value = sector; else list.value = chart.sector;
    list.addEventListener("change", () => { sector = list.value; draw(); });
    return list;
  };
  tabs.addEventListener("click", (event) => { const tab = event.target.closest("[role=tab]"); if (tab) select(tab); });
  tabs.addEventListener("keydown", (event) => {
    const all = [...tabs.children], at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = all[(to + all.length) % all.length];
    tab.focus();
    select(tab);
  });
  document.addEventListener("theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(() => { if (narrow !== null && narrow !== panel.clientWidth < 560) draw(); }).observe(panel);
  select(tabs.firstElementChild);
}

// Pointing at a sector lets the others step back; tail and head of a sector are two traces.
function stress(plot, Plotly) {
  const usual = plot.data.map((trace) => trace.opacity ?? 1);
  const sector = (at) => plot.data[at].legendgroup ?? at;
  plot.on("plotly_hover", ({ points: [{ curveNumber }] }) =>
    Plotly.restyle(plot, { opacity: usual.map((rest, at) => (sector(at) === sector(curveNumber) ? 1 : 0.1)) }));
  plot.on("plotly_unhover", () => Plotly.restyle(plot, { opacity: usual }));
}

function numbers(chart, tab) {
  if (!chart.table) return null;
  const { heads, rows } = chart.table;
  const number = (place) => (rows.some((row) => /^[+\-−\d]/.test(row[place])) && place ? "num" : null);
  const head = make("tr", {}, ...heads.map((text, place) => make("th", { scope: "col", class: number(place) }, text)));
  const body = rows.map((row) => make("tr", {}, ...row.map((text, place) => make(place ? "td" : "th", { scope: place ? null : "row", class: number(place) }, text))));
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
  const scroll = make("div", { class: "scroll", role: "group", tabindex: 0, "aria-label": tab.textContent }, table);
  return make("details", {}, make("summary", {}, say("numbers", {}, tab.closest(".answer")?.lang || undefined)), scroll);
}
