import { second } from "../../packages/sdk/src/base/time.ts";
import { launchChromium } from "../../test/support/chromium.ts";
import { formatBytes, formatPercent } from "../src/panel/format.ts";
import type { DemoOptions } from "./options.ts";
import { accountOf } from "./origin-account.ts";
import type { Site } from "./site.ts";
import { originLine, shownBytes, stateText, type TableFacts, tableLines } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { Viewer } from "./viewer.ts";

const TIMEOUT_MS = 90 * second;
/** 128 + SIGINT, as shells have it. */
const INTERRUPTED = 130;
const REDRAW_MS = second / 4;
/** Visitors do not arrive in the same instant. */
const STAGGER_MS = 400;
/** A window that nobody looks at would be slowed down, and with it what it uploads. */
export const CHROMIUM_ARGS = [
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
  "--autoplay-policy=no-user-gesture-required",
  "--mute-audio",
];

export interface ViewersRun {
  readonly site: Site;
  readonly options: DemoOptions;
  readonly terminal: Terminal;
  /** Aborts when the person presses Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Opens the viewers, shows how they do, and resolves with the process's exit code. */
export async function runViewers({ site, options, terminal, interrupted }: ViewersRun): Promise<number> {
  const viewers = Array.from({ length: options.viewers }, (_, index) => new Viewer(index + 1));
  const folder = site.folders[options.page];
  const facts = (): TableFacts => ({
    viewers,
    doing: options.page === "gallery" ? "loading" : "playing",
    origin: accountOf(site.origin.log, folder),
  });
  const chromium = await launchChromium({ args: CHROMIUM_ARGS });
  const display = terminal.isTty ? liveTable(terminal, facts) : plainLines(terminal, viewers, facts);
  // Not AbortSignal.any with AbortSignal.timeout: Node 20 may collect that pair as garbage before it fires.
  const over = new AbortController();
  const stop = (): void => over.abort();
  const timer = setTimeout(stop, TIMEOUT_MS);
  if (interrupted.aborted) stop();
  else interrupted.addEventListener("abort", stop);
  const url = `${site.origin.url}/${options.page}.html`;
  try {
    const open = (viewer: Viewer): Promise<void> => viewer.run(chromium.browser, url, over.signal);
    const [first, ...others] = viewers;
    if (options.together) await Promise.all(viewers.map(open));
    else {
      if (first) await open(first);
      await Promise.all(others.map((viewer, i) => sleep(i * STAGGER_MS).then(() => open(viewer))));
    }
    await Promise.all(viewers.map((viewer) => viewer.lookAgain()));
  } finally {
    clearTimeout(timer);
    interrupted.removeEventListener("abort", stop);
    display.stop();
    await chromium.close();
  }
  return interrupted.aborted ? INTERRUPTED : conclude(terminal, facts());
}

function conclude(terminal: Terminal, facts: TableFacts): number {
  const failed = facts.viewers.filter(({ state }) => state.name !== "complete");
  if (!terminal.isTty) terminal.line(originLine(terminal, facts).trim());
  const sum = facts.viewers.reduce((total, { delivered }) => total + delivered.peerBytes, 0);
  const shown = facts.viewers.reduce((total, viewer) => total + shownBytes(viewer), 0);
  for (const { number, state } of failed) {
    const why = state.name === "failed" ? state.why : "never started";
    terminal.line(terminal.style("red", `${terminal.isTty ? "  " : ""}Viewer ${number}: ${why}.`));
  }
  if (failed.length > 0) return 1;
  const percent = terminal.style("teal", `${formatPercent(sum / Math.max(1, shown))}%`);
  terminal.line(
    `${terminal.isTty ? "  " : ""}All viewers are complete: ${percent} of their bytes (${formatBytes(sum)}) came from peers.`,
  );
  return 0;
}

interface Display {
  stop(): void;
}

function liveTable(terminal: Terminal, facts: () => TableFacts): Display {
  const draw = (): void => terminal.redraw(tableLines(terminal, facts()));
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  return {
    stop: () => {
      clearInterval(timer);
      draw();
    },
  };
}

/** For logs: one line whenever a viewer starts or ends. */
function plainLines(terminal: Terminal, viewers: readonly Viewer[], facts: () => TableFacts): Display {
  const told = new Map<Viewer, string>(viewers.map((viewer) => [viewer, "waiting"]));
  const tell = (): void => {
    for (const viewer of viewers) {
      const { name } = viewer.state;
      if (told.get(viewer) === name) continue;
      told.set(viewer, name);
      const { originBytes, peerBytes, storeBytes } = viewer.delivered;
      const shares = `origin ${formatBytes(originBytes)}, peers ${formatBytes(peerBytes)}, stored ${formatBytes(storeBytes)}`;
      const what = name === "loading" ? "started" : `${stateText(viewer, facts().doing)}: ${shares}`;
      terminal.line(`viewer ${viewer.number} ${what}`);
    }
  };
  const timer = setInterval(tell, REDRAW_MS);
  return {
    stop: () => {
      clearInterval(timer);
      tell();
    },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
