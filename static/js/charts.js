// Charts: Plotly is fetched when the first chart comes into view, colours follow the theme.
import { onTheme, themed } from "./colours.js";

/**
 * @typedef {{ data: object[], layout: object }} Chart Plotly's own shapes; a colour written as
 *   `var(--token)` stands for what the theme makes of the token.
 */

/** Every chart drawn so far. @type {Map<HTMLElement, Chart>} */
const drawn = new Map();

/** @type {Promise<any> | undefined} */
let plotly;

/** Loads the chart library once; it lies beside the other assets of the site. */
function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.getElementById("plotly.js-style-global").dataset.plotly;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      plotly = undefined;
      reject(new Error("the chart library could not be loaded"));
    };
    document.head.append(script);
  });
  return plotly;
}

/** What all charts have in common, under what the chart says itself. */
function dress(layout) {
  const axis = (own = {}) => ({
    gridcolor: "var(--line)",
    linecolor: "var(--line-strong)",
    zerolinecolor: "var(--line-strong)",
    tickcolor: "var(--line-strong)",
    ...own,
  });
  return {
    ...layout,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: "var(--ink)", family: "system-ui, sans-serif", size: 13 },
    hoverlabel: { bgcolor: "var(--raised)", bordercolor: "var(--line-strong)",
      font: { color: "var(--ink)" } },
    bargap: 0.25,
    xaxis: axis(layout.xaxis),
    yaxis: axis(layout.yaxis),
  };
}

/**
 * Draws or redraws a chart.
 * @param {HTMLElement} element
 * @param {Chart} chart
 */
export async function draw(element, chart) {
  drawn.set(element, chart);
  const library = await loadPlotly();
  // A newer chart for the same place may have come while the library was loading.
  if (drawn.get(element) !== chart) return;
  const { data, layout } = themed({ data: chart.data, layout: dress(chart.layout) });
  await library.react(element, data, layout, { displayModeBar: false, responsive: true });
  element.classList.add("drawn");
}

/** Draws again in the colours of the new theme. */
function redraw() {
  for (const [element, chart] of drawn) draw(element, { ...chart });
}

/**
 * Calls back once, when the element comes near the visible part of the page.
 * @param {Element} element
 * @param {() => void} callback
 */
export function whenVisible(element, callback) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      callback();
    },
    { rootMargin: "200px" },
  );
  observer.observe(element);
}

/** Watches the charts the page came with. */
export function watchCharts() {
  for (const element of document.querySelectorAll("[data-chart]")) {
    whenVisible(element, async () => {
      try {
        const response = await fetch(element.dataset.chart);
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        await draw(element, await response.json());
      } catch (error) {
        element.classList.add("failed");
        element.textContent = `The chart could not be drawn (${error.message}). The table has the same numbers.`;
      }
    });
  }
  onTheme(redraw);
}
