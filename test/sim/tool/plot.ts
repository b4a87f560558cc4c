/** The part of the picture that a curve may fill, in the chart's own units. */
export const FRAME = { left: 72, width: 816, height: 200 };

/** One picture in the chart: where it is, and what its axes mean. Both begin at 0. */
export interface Panel {
  readonly top: number;
  readonly xMost: number;
  readonly yMost: number;
  readonly xName: string;
  readonly yName: string;
}

/** Colours for a light page and a dark one; the series differ in lightness too. */
export const STYLE = `
svg{--paper:#fff;--ink:#1c2733;--soft:#5b6b7b;--grid:#e3e8ee;--s0:#0b6bcb;--s1:#d9730d;--s2:#1a8f5a;font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){svg{--paper:#11161d;--ink:#e8eef5;--soft:#94a3b3;--grid:#263140;--s0:#5eb0ff;--s1:#ffab5e;--s2:#5fd6a0}}
.paper{fill:var(--paper)}.title{font-size:22px;font-weight:650;fill:var(--ink)}.head{font-weight:600;fill:var(--ink)}
.note{fill:var(--soft)}.end{text-anchor:end}.mid{text-anchor:middle}.grid{stroke:var(--grid)}
.bound{stroke:var(--soft);stroke-dasharray:4 4}.curve{fill:none;stroke-width:2;stroke-linejoin:round}
.curve.s0{stroke:var(--s0)}.curve.s1{stroke:var(--s1)}.curve.s2{stroke:var(--s2)}
.dot.s0{fill:var(--s0)}.dot.s1{fill:var(--s1)}.dot.s2{fill:var(--s2)}
`;

export function axes(panel: Panel): string {
  const { top, xMost, yMost, xName, yName } = panel;
  const parts: string[] = [];
  for (const value of ticks(yMost, 4)) {
    const y = top + FRAME.height * (1 - value / yMost);
    parts.push(
      `<line class="grid" x1="${FRAME.left}" x2="${FRAME.left + FRAME.width}" y1="${fixed(y)}" y2="${fixed(y)}"/>`,
      `<text class="note end" x="${FRAME.left - 8}" y="${fixed(y + 4)}">${value} ${yName}</text>`,
    );
  }
  for (const value of ticks(xMost, 8)) {
    const x = FRAME.left + (FRAME.width * value) / xMost;
    parts.push(`<text class="note mid" x="${fixed(x)}" y="${top + FRAME.height + 18}">${value}</text>`);
  }
  const [right, below] = [FRAME.left + FRAME.width, top + FRAME.height + 34];
  parts.push(`<text class="note end" x="${right}" y="${below}">${xName}</text>`);
  return parts.join("\n");
}

export function path(points: readonly (readonly [number, number])[], panel: Panel, name: string): string {
  const steps = points.map(([x, y], at) => {
    const [px, py] = [FRAME.left + (FRAME.width * x) / panel.xMost, FRAME.height * (1 - y / panel.yMost)];
    return `${at === 0 ? "M" : "L"}${fixed(px)} ${fixed(panel.top + py)}`;
  });
  return `<path class="curve ${name}" d="${steps.join("")}"/>`;
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Round values from 0 up to `most`, about so many. */
function ticks(most: number, count: number): number[] {
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const values: number[] = [];
  for (let i = 0; i * step <= most; i++) values.push(Number((i * step).toPrecision(6)));
  return values;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
