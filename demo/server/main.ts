import { fileURLToPath } from "node:url";
import { RivuletError } from "../../packages/sdk/src/base/errors.ts";
import { ensureGenerated } from "../assets/generate.ts";
import { formatBytes } from "../src/panel/format.ts";
import type { Channel } from "./live/channel.ts";
import { findFfmpeg } from "./live/find-ffmpeg.ts";
import { type DemoOptions, readOptions, USAGE } from "./options.ts";
import { runViewers } from "./run-viewers.ts";
import { ORIGIN_PACE, type Site, startSite } from "./site.ts";
import { Terminal } from "./terminal.ts";

const generatedDir = fileURLToPath(new URL("../public/generated", import.meta.url));
const terminal = new Terminal(process.stdout);

async function run(options: DemoOptions): Promise<number> {
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => interrupt.abort());
  let drew = false;
  await ensureGenerated(generatedDir, ({ name, done, of }) => {
    if (!drew && !terminal.isTty) terminal.line("Drawing the gallery, once …");
    drew = true;
    terminal.note(`  Drawing the gallery, once: ${done + 1} of ${of} (${name})`);
  });
  if (drew) terminal.note("");
  // Who only looks at headless viewers of another page has no use for an encoder beside them.
  const isLiveWanted = options.viewers === 0 || options.page === "live";
  const channel = isLiveWanted ? { ffmpeg: await findFfmpeg(process.env) } : undefined;
  const { port, patience } = options;
  const site = await startSite({ port, patience, channel, tell: (text) => terminal.line(`  ${text}`) });
  try {
    banner(site, options);
    if (options.viewers > 0) {
      return await runViewers({ site, options, terminal, interrupted: interrupt.signal });
    }
    await new Promise<void>((resolve) => {
      if (interrupt.signal.aborted) resolve();
      else interrupt.signal.addEventListener("abort", () => resolve());
    });
    terminal.line(terminal.isTty ? "\n  Closing." : "Closing.");
    return 0;
  } finally {
    await site.close();
  }
}

function banner(site: Site, { viewers }: DemoOptions): void {
  const dim = (text: string): string => terminal.style("dim", text);
  const rate = `${formatBytes(ORIGIN_PACE.bytesPerSecond)}/s, ${ORIGIN_PACE.latencyMs} ms`;
  terminal.line();
  terminal.line(`  ${terminal.style("teal", "≋")} ${terminal.style("bold", "Rivulet demo")}`);
  terminal.line();
  terminal.line(`  Open       ${terminal.style("bold", terminal.style("teal", site.url))}`);
  terminal.line(dim(`  Signaling  ${site.signalUrl}`));
  terminal.line(dim(`  Origin     slowed to ${rate}, as if it were far away`));
  if (site.channel) terminal.line(dim(`  Live       ${channelText(site.channel)}`));
  if (viewers > 0) return;
  terminal.line();
  terminal.line("  Then open it in a second window, or press “Open another viewer” in the page.");
  terminal.line(dim("  Let headless viewers do it: npm start -- --viewers 3       Stop: Ctrl-C"));
}

function channelText({ clock }: Channel): string {
  if (clock.kind === "burnt-in") return "on air, with the time of day in the picture";
  return `on air, without a clock in the picture. ${clock.why}`;
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof RivuletError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.code === "bad-option" ? 2 : 1;
}
