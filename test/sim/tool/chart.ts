import { second } from "#sdk/base/time.ts";
import { percentile } from "./percentile.ts";
import { axes, escaped, FRAME, type Panel, path, STYLE } from "./plot.ts";
import type { Series } from "./scenario.ts";
import type { ToldResult } from "./told-result.ts";

const POINTS = 200;
const [WIDTH, HEIGHT] = [920, 640];

/** One SVG that needs nothing else: when everybody was done, and what the source had to send meanwhile. */
export function chart({ scenario, seed, peers, result }: ToldResult): string {
  const { completions, load, loadEveryMs, boundMs } = result;
  const longestS = Math.max(boundMs, ...completions.map(({ values }) => percentile(values, 1) || 0)) / second;
  const done: Panel = { top: 96, xMost: longestS * 1.05, yMost: 100, xName: "s since it came", yName: "%" };
  const loadMost = Math.max(1, ...load.flatMap(({ values }) => values)) / 1e6;
  const spanS = (Math.max(1, ...load.map(({ values }) => values.length)) * loadEveryMs) / second;
  const sent: Panel = {
    top: 376,
    xMost: spanS,
    yMost: loadMost * 1.1,
    xName: "s of the world's time",
    yName: "MB/s",
  };
  const boundX = FRAME.left + (boundMs / second / done.xMost) * FRAME.width;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(scenario.name)}">
<style>${STYLE}</style>
<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="12"/>
<text class="title" x="${FRAME.left}" y="38">${escaped(scenario.name)}</text>
<text class="note" x="${FRAME.left}" y="58">${escaped(`${scenario.about} · ${peers} peers, seed ${seed}`)}</text>
<text class="head" x="${FRAME.left}" y="${done.top - 12}">Finished, share of all</text>${legend(completions, done.top)}
${axes(done)}
<line class="bound" x1="${boundX}" x2="${boundX}" y1="${done.top}" y2="${done.top + FRAME.height}"/>
<text class="note end" x="${boundX - 6}" y="${done.top + FRAME.height - 8}">fluid bound ${(boundMs / second).toFixed(1)} s</text>
${completions.map(({ values }, at) => path(distribution(values), done, `s${at}`)).join("\n")}
<text class="head" x="${FRAME.left}" y="${sent.top - 12}">Sent by the source</text>${legend(load, sent.top)}
${axes(sent)}
${load.map(({ values }, at) => path(overTime(values, loadEveryMs), sent, `s${at}`)).join("\n")}
</svg>
`;
}

function distribution(values: readonly number[]): [number, number][] {
  const sorted = [...values].sort((a, b) => a - b);
  const points = Math.min(POINTS, sorted.length);
  const curve = Array.from({ length: points }, (_, i): [number, number] => {
    const rank = Math.ceil(((i + 1) * sorted.length) / points);
    return [(sorted[rank - 1] ?? 0) / second, (100 * rank) / sorted.length];
  });
  return curve.length === 0 ? [] : [[curve[0]?.[0] ?? 0, 0], ...curve];
}

/** Neighbouring values are averaged when there are more than the chart can show. */
function overTime(values: readonly number[], everyMs: number): [number, number][] {
  const group = Math.max(1, Math.ceil(values.length / POINTS));
  const points: [number, number][] = [];
  for (let i = 0; i < values.length; i += group) {
    const part = values.slice(i, i + group);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    points.push([((i + part.length / 2) * everyMs) / second, mean / 1e6]);
  }
  return points;
}

function legend(series: readonly Series[], top: number): string {
  let x = FRAME.left + FRAME.width;
  return series
    .map(({ name }, at) => ({ name, at }))
    .reverse()
    .map(({ name, at }) => {
      x -= 26 + 7 * name.length;
      return `<circle class="dot s${at}" cx="${x}" cy="${top - 16}" r="5"/><text class="note" x="${x + 10}" y="${top - 12}">${escaped(name)}</text>`;
    })
    .join("");
}
