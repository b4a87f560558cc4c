import { formatBytes, formatPercent } from "../src/panel/format.ts";
import type { OriginAccount } from "./origin-account.ts";
import type { Terminal } from "./terminal.ts";
import type { Viewer } from "./viewer.ts";

export interface TableFacts {
  readonly viewers: readonly Viewer[];
  /** What a viewer does until it is complete. */
  readonly doing: "loading" | "playing";
  /** What the origin's own log says it sent of that. */
  readonly origin: OriginAccount;
}

const WIDTHS = [8, 16, 11, 11, 11, 9] as const;

/** The viewers as lines of a table, and the origin's own account below them. */
export function tableLines(terminal: Terminal, facts: TableFacts): string[] {
  const head = row(["viewer", "state", "origin", "peers", "stored", "offload"]);
  const lines = facts.viewers.map((viewer) => {
    const { originBytes, peerBytes, storeBytes } = viewer.delivered;
    const all = shownBytes(viewer);
    const cells = row([
      String(viewer.number),
      stateText(viewer, facts.doing),
      formatBytes(originBytes),
      formatBytes(peerBytes),
      formatBytes(storeBytes),
      all === 0 ? "–" : `${formatPercent(peerBytes / all)}%`,
    ]);
    if (viewer.state.name === "waiting") return terminal.style("dim", cells);
    if (viewer.state.name === "failed") return terminal.style("red", cells);
    return cells;
  });
  return ["", terminal.style("dim", head), ...lines, "", originLine(terminal, facts)];
}

/** Copies: how many times the same bytes left the origin, however many viewers it served. */
export function originLine(terminal: Terminal, { viewers, origin }: TableFacts): string {
  const shown = viewers.reduce((sum, viewer) => sum + shownBytes(viewer), 0);
  const copies = terminal.style("bold", `${origin.copies.toFixed(2)} copies`);
  return `  The origin sent ${formatBytes(origin.sentBytes)} (${copies}); the viewers were shown ${formatBytes(shown)}.`;
}

export function shownBytes({ delivered }: Viewer): number {
  return delivered.originBytes + delivered.peerBytes + delivered.storeBytes;
}

export function stateText({ state, progress }: Viewer, doing: TableFacts["doing"]): string {
  switch (state.name) {
    case "waiting":
      return "waiting";
    case "loading":
      return `${doing} ${formatPercent(progress)}%`;
    case "complete":
      return `complete ${(state.tookMs / 1000).toFixed(1)} s`;
    case "failed":
      return "failed";
  }
}

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, i) => {
    const width = WIDTHS[i] ?? 0;
    return i < 2 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `  ${padded.join("")}`;
}
