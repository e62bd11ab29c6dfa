"use strict";
(() => {
  const { figures, dark } = JSON.parse(document.getElementById("figures").textContent);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const small = matchMedia("(max-width: 700px)");
  const config = { displayModeBar: false, responsive: true };
  let printing = false;

  const coloured = (figure) => {
    const text = JSON.stringify(figure);
    const turned = night.matches && !printing;
    return JSON.parse(turned ? text.replace(/#[0-9a-f]{6}\b/g, (c) => dark[c] || c) : text);
  };
  const draw = (plot) => {
    const key = plot.dataset.figure;
    const narrow = figures[key + ":narrow"];
    const half = plot.closest(".pair") !== null;
    const figure = coloured(narrow && (printing ? half : small.matches) ? narrow : figures[key]);
    plot.hidden = false;
    if (printing) figure.layout.width = half ? 325 : 690;
    Plotly.react(plot, figure.data, figure.layout, config);
  };
  const plots = [...document.querySelectorAll(".plot")];
  const drawAll = () => plots.forEach(draw);

  const stress = (plot) => {
    const fade = (at) => {
      const rest = plot.dataset.rest.split(",").map(Number);
      const opacity = rest.map((usual, i) => (at === null ? usual : i >> 1 === at >> 1 ? 1 : 0.15));
      Plotly.restyle(plot, { opacity });
    };
    plot.dataset.rest = plot.data.map((trace) => trace.opacity ?? 1).join(",");
    plot.on("plotly_hover", (event) => fade(event.points[0].curveNumber));
    plot.on("plotly_unhover", () => fade(null));
  };

  drawAll();
  plots.filter((plot) => plot.dataset.figure === "rotation").forEach(stress);
  document.querySelectorAll(".chart details").forEach((one) => { one.open = false; });
  document.querySelectorAll("[data-picks]").forEach((select) => {
    select.closest("p").hidden = false;
    select.addEventListener("change", () => {
      const plot = select.closest("figure").querySelector(".plot");
      plot.dataset.figure = select.value;
      plot.setAttribute("aria-label", select.selectedOptions[0].textContent);
      draw(plot);
    });
  });
  night.addEventListener("change", drawAll);
  small.addEventListener("change", drawAll);
  addEventListener("beforeprint", () => { printing = true; drawAll(); });
  addEventListener("afterprint", () => { printing = false; drawAll(); });
})();
