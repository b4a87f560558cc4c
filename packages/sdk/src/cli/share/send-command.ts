import { RivuletError } from "../../base/errors.ts";
import { type SendingShare, sendShare } from "../../client/share/send-share.ts";
import type { ShareProgress } from "../../client/share/share-events.ts";
import { readArguments } from "../arguments.ts";
import type { Command, Terminal } from "../command.ts";
import { formatBytes } from "../format-bytes.ts";
import { openNodeWorld } from "../node/node-world.ts";
import { SWARM_ARGUMENTS, SWARM_USAGE, swarmOptions } from "../node/swarm-options.ts";
import { untilTold } from "../node/until-told.ts";
import { passwordFor } from "./ask-password.ts";
import { openFileSource } from "./file-source.ts";
import { findSignal } from "./find-signal.ts";
import { openShareBar } from "./share-bar.ts";

const USAGE = `Usage: rivulet send FILE... [--page URL] [--password TEXT | --ask-password] [--once] [OPTIONS]

Sends files and folders to whoever opens the link that it prints, from here and from each other, until Ctrl-C. It begins
with the first pieces while the rest is hashed.

  --page URL        the page that receives, to which the link leads; without one the link is for \`rivulet get\`
  --password TEXT   who opens the link must know this too; also RIVULET_PASSWORD
  --ask-password    ask for it here, unseen
  --once            end when somebody has everything
${SWARM_USAGE}  --help            print this

Without --signal the page is asked: a file share.json beside it, {"signal":"wss://..."}. Names that start with a dot, and
links that lead out of a folder, are left out.
`;

/** A receiver that has everything stays for several times as long. */
const LOOK_EVERY_MS = 100;

export const sendCommand: Command = {
  summary: "send files to who has the link: rivulet send FILE...",
  usage: USAGE,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      ...SWARM_ARGUMENTS,
      page: { type: "string" },
      password: { type: "string" },
      "ask-password": { type: "boolean" },
      once: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    });
    if (positionals.length === 0)
      throw new RivuletError("bad-option", "Name what is to be sent: rivulet send FILE...");
    const page = values.page === undefined ? undefined : parsePage(values.page);
    const options = swarmOptions(values);
    const signal = await findSignal({ given: values.signal, page });
    const password = await passwordFor(
      { given: values.password, ask: values["ask-password"] === true },
      terminal,
    );
    const source = await openFileSource(positionals);
    const world = await openNodeWorld();
    try {
      const share = await sendShare({ source, settings: { ...options, signal, password }, world });
      terminal.stdout.write(
        page === undefined
          ? `rivulet get ${share.token} --signal ${signal}\n`
          : `${Object.assign(new URL(page), { hash: share.token })}\n`,
      );
      if (source.hidden + source.links > 0)
        terminal.stderr.write(
          `Left out ${source.hidden} name(s) that start with a dot and ${source.links} link(s) that lead out of their folder.\n`,
        );
      try {
        await serve(share, { once: values.once === true, terminal });
      } finally {
        await share.stop();
      }
    } finally {
      await source.close();
      await world.close();
    }
  },
};

async function serve(
  share: SendingShare,
  { once, terminal }: { readonly once: boolean; readonly terminal: Terminal },
): Promise<void> {
  const bar = openShareBar(terminal.stderr);
  const ended = new AbortController();
  const complete = new Set<string>();
  const { totalBytes } = share.progress;
  bar.say(`Sending ${share.files.length} file(s), ${formatBytes(totalBytes)}. Ctrl-C ends it.`);
  const look = (progress: ShareProgress) => {
    if (progress.state === "hashing") bar.show(progress);
    for (const { id, complete: has } of progress.peers) {
      if (has < 1 || complete.has(id)) continue;
      complete.add(id);
      bar.say(`${complete.size} receiver(s) have everything; ${formatBytes(progress.uploadedBytes)} sent.`);
      if (once) ended.abort();
    }
  };
  share.on("progress", look);
  // That somebody has everything makes no event, and who has it may not stay until the next.
  const looking = setInterval(() => look(share.progress), LOOK_EVERY_MS);
  share.on("problem", ({ error }) => bar.say(error.message));
  const failed = share.done.then(
    () => {
      bar.stop();
      bar.say("All of it is hashed.");
      return new Promise<never>(() => undefined);
    },
    (error: unknown) => Promise.reject(error),
  );
  try {
    await Promise.race([untilTold(ended.signal), failed]);
  } finally {
    clearInterval(looking);
    ended.abort();
    bar.stop();
  }
  bar.say(`Ended: ${formatBytes(share.progress.uploadedBytes)} sent.`);
}

/** @throws RivuletError `bad-option`. */
function parsePage(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.href;
  throw new RivuletError(
    "bad-option",
    `--page must be an absolute URL such as https://share.example/, not "${text}".`,
  );
}
