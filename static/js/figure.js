// Charts as pictures, and the code that shows one on another site.

/** Size of a picture in CSS pixels; PNG files have twice as many. */
const WIDTH = 960;
const HEIGHT = 540;
const SCALE = 2;

/** A layout that says on the picture itself what it shows and where it comes from. */
function framed(layout, { title, source }) {
  const height = Math.max(HEIGHT, layout.height ?? 0);
  const { color, backgroundColor } = getComputedStyle(document.body);
  const note = (text, y, size, yanchor) => ({
    text, x: 0, y, xref: "paper", yref: "container", xanchor: "left", yanchor,
    showarrow: false, font: { size, color },
  });
  const margin = { ...layout.margin, t: 80, b: (layout.margin?.b ?? 48) + 28 };
  return {
    ...layout,
    width: WIDTH,
    height: height + 60,
    margin,
    paper_bgcolor: backgroundColor,
    plot_bgcolor: backgroundColor,
    title: { text: title, x: 0.02, xanchor: "left", y: 0.97, yanchor: "top", font: { size: 20, color } },
    annotations: [...(layout.annotations ?? []), note(source, 0.01, 12, "bottom")],
  };
}

/**
 * A drawn chart as a file.
 * @param {HTMLElement} element
 * @param {{ name: string, title: string, source: string }} about
 * @param {"png" | "svg"} format
 */
export async function picture(element, about, format) {
  const layout = framed(element.layout, about);
  const figure = { data: element.data, layout, config: { displayModeBar: false } };
  const { width, height } = layout;
  return globalThis.Plotly.toImage(figure, { format, width, height, scale: format === "png" ? SCALE : 1 });
}

async function save(button) {
  const foot = button.closest("[data-figure]");
  const { figure: name, title, source } = foot.dataset;
  const element = document.getElementById(`chart-${name}`);
  const format = button.dataset.save;
  if (!element?.data) {
    button.textContent = `${format.toUpperCase()}: the chart is not drawn yet`;
    return;
  }
  const href = await picture(element, { name, title, source }, format);
  const link = document.createElement("a");
  Object.assign(link, { href, download: `${name}.${format}` });
  link.click();
}

/** The code of a frame, with the whole address of what it shows. */
function frameCode(link, title) {
  const attribute = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const src = attribute(new URL(link.getAttribute("href"), location.href).href);
  return `<iframe src="${src}" title="${attribute(title)}" width="100%" height="560" loading="lazy" style="border:0"></iframe>`;
}

/** Wires the feet of all figures of the page. */
export function watchFigures() {
  for (const foot of document.querySelectorAll("[data-figure]")) {
    const code = foot.querySelector(".embed code");
    if (code) code.textContent = frameCode(foot.querySelector(".embed a"), foot.dataset.title);
    for (const button of foot.querySelectorAll("[data-save]")) {
      button.addEventListener("click", () => save(button));
    }
  }
}
