// Draws the marks of a map: severity by colour and shape, hexagons by colour and size.
import { toScreen, worldSize } from "./map-view.js";

/** @import { View } from "./map-view.js" */
/** @import { Marks } from "./map-bins.js" */

/** What a map is coloured with: tokens of the style sheet. */
export const COLOURS = {
  water: "var(--water)",
  land: "var(--land)",
  coast: "var(--line-strong)",
  border: "var(--line-strong)",
  name: "var(--soft)",
  halo: "var(--land)",
  severity: ["var(--fatl)", "var(--sers)", "var(--minr)", "var(--none)", "var(--none)"],
  steps: ["var(--step-1)", "var(--step-2)", "var(--step-3)", "var(--step-4)", "var(--step-5)"],
  chosen: "var(--focus)",
};

/** Half the width of a point in pixels. */
const HALF = 4.5;

/** From how many events on a hexagon has the next colour. */
export const STEPS = [1, 10, 50, 250, 1000];

/** Part of its place a hexagon of each step fills. */
const SIZES = [0.5, 0.62, 0.74, 0.86, 0.97];

export function step(events) {
  let at = STEPS.length - 1;
  while (events < STEPS[at]) at -= 1;
  return at;
}

/** Square, triangle, disc, ring, in the order of SEVERITIES; others are rings too. */
function shape(context, severity, x, y, half) {
  context.beginPath();
  if (severity === 0) context.rect(x - half * 0.9, y - half * 0.9, half * 1.8, half * 1.8);
  else if (severity === 1) {
    context.moveTo(x, y - half * 1.1);
    context.lineTo(x + half * 1.1, y + half * 0.9);
    context.lineTo(x - half * 1.1, y + half * 0.9);
    context.closePath();
  } else context.arc(x, y, half * 0.9, 0, 2 * Math.PI);
}

/** One picture a severity: stamping is faster than drawing thousands of paths. */
function stamps(colours, ratio) {
  const side = Math.ceil((HALF + 2.5) * 2);
  return colours.severity.map((colour, severity) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side * ratio;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    shape(context, severity, side / 2, side / 2, severity > 2 ? HALF - 1 : HALF);
    context.lineJoin = "round";
    if (severity > 2) {
      context.lineWidth = 4;
      context.strokeStyle = colours.halo;
      context.stroke();
      context.lineWidth = 2;
      context.strokeStyle = colour;
      context.stroke();
    } else {
      context.lineWidth = 2;
      context.strokeStyle = colours.halo;
      context.stroke();
      context.fillStyle = colour;
      context.fill();
    }
    return { canvas, side };
  });
}

function drawPoints(context, marks, view, colours, ratio) {
  const pictures = stamps(colours, ratio);
  // The gravest last, on top of the others.
  for (let severity = pictures.length - 1; severity >= 0; severity -= 1) {
    const { canvas, side } = pictures[severity];
    for (let i = 0; i < marks.x.length; i += 1) {
      if (marks.severity[i] !== severity) continue;
      const [left, top] = toScreen(view, marks.x[i], marks.y[i]);
      context.drawImage(canvas, left - side / 2, top - side / 2, side, side);
    }
  }
}

function drawHexagons(context, marks, view, colours) {
  const radius = marks.radius * worldSize(view);
  for (let wanted = 0; wanted < STEPS.length; wanted += 1) {
    context.beginPath();
    for (let i = 0; i < marks.x.length; i += 1) {
      if (step(marks.events[i]) !== wanted) continue;
      const [left, top] = toScreen(view, marks.x[i], marks.y[i]);
      for (let corner = 0; corner < 6; corner += 1) {
        const angle = (Math.PI / 3) * corner;
        const out = radius * SIZES[wanted];
        const [x, y] = [left + out * Math.sin(angle), top - out * Math.cos(angle)];
        if (corner === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
      context.closePath();
    }
    context.fillStyle = colours.steps[wanted];
    context.fill();
  }
}

/** Draws marks at their places of a view. */
export function drawMarks(context, /** @type {Marks} */ marks, /** @type {View} */ view, colours, ratio) {
  if (marks.kind === "points") drawPoints(context, marks, view, colours, ratio);
  else drawHexagons(context, marks, view, colours);
}

/** The mark under a pixel: its position among the marks, or -1. */
export function hit(/** @type {Marks} */ marks, /** @type {View} */ view, left, top, reach) {
  const allowed = marks.kind === "points" ? reach : Math.max(reach, marks.radius * worldSize(view) * 0.9);
  let [found, best] = [-1, allowed * allowed];
  for (let i = 0; i < marks.x.length; i += 1) {
    const [x, y] = toScreen(view, marks.x[i], marks.y[i]);
    const away = (x - left) ** 2 + (y - top) ** 2;
    if (away <= best) [found, best] = [i, away];
  }
  return found;
}
