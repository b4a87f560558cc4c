import { setTimeout } from "node:timers/promises";
import { RivuletError } from "../../base/errors.ts";
import { type ReceivingShare, receiveShare } from "../../client/share/receive-share.ts";
import { readShareLink } from "../../content/share/share-link.ts";
import { readArguments } from "../arguments.ts";
import type { Command, Terminal } from "../command.ts";
import { formatBytes } from "../format-bytes.ts";
import { openNodeWorld } from "../node/node-world.ts";
import { SWARM_ARGUMENTS, SWARM_USAGE, swarmOptions } from "../node/swarm-options.ts";
import { untilTold } from "../node/until-told.ts";
import { passwordFor } from "./ask-password.ts";
import { FileSink } from "./file-sink.ts";
import { findSignal } from "./find-signal.ts";
import { openShareBar } from "./share-bar.ts";
import { watchReceiving } from "./watch-receiving.ts";

const USAGE = `Usage: rivulet get LINK [--out DIR] [--password TEXT] [--seed] [OPTIONS]

Receives what a link leads to, verified, from its sender and from others who receive it. Interrupted, the same command goes
on where it was; given again later, it compares what is there and fetches what is missing. Nothing that is in DIR already is
written over.

  --out DIR         where the files go; by default the current folder
  --password TEXT   of a link that needs one; also RIVULET_PASSWORD. In a terminal it is asked for
  --seed            stay, and give it to others, until Ctrl-C
${SWARM_USAGE}  --help            print this

LINK is the whole link, or what is behind its #. Without --signal its page is asked: a file share.json beside it.
`;

/** News of the last pieces are out by then: the sender may wait for them. */
const LAST_WORDS_MS = 400;

export const getCommand: Command = {
  summary: "receive what a link leads to: rivulet get LINK",
  usage: USAGE,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      ...SWARM_ARGUMENTS,
      out: { type: "string" },
      password: { type: "string" },
      seed: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    });
    const [text, surplus] = positionals;
    if (text === undefined) throw new RivuletError("bad-option", "Give the link: rivulet get LINK.");
    if (surplus !== undefined)
      throw new RivuletError("bad-option", `One link at a time; "${surplus}" is one too many.`);
    const link = readShareLink(text);
    const options = swarmOptions(values);
    const signal = await findSignal({ given: values.signal, page: link.page });
    const password = await passwordFor({ given: values.password, ask: link.needsPassword }, terminal);
    const folder = values.out ?? ".";
    const world = await openNodeWorld();
    const seed = values.seed === true;
    try {
      const share = await receiveShare({
        token: link.token,
        openSink: (id) => FileSink.open(folder, id),
        settings: { ...options, signal, password },
        world,
        // Who leaves at once leaves before it has said that it has everything.
        seed: true,
      });
      try {
        await receive(share, { folder, seed, terminal });
      } finally {
        await share.stop();
      }
    } finally {
      await world.close();
    }
  },
};

interface Receiving {
  readonly folder: string;
  readonly seed: boolean;
  readonly terminal: Terminal;
}

async function receive(
  share: ReceivingShare<FileSink>,
  { folder, seed, terminal }: Receiving,
): Promise<void> {
  const bar = openShareBar(terminal.stderr);
  const ended = new AbortController();
  const refused = watchReceiving(share, bar);
  const told = untilTold(ended.signal);
  try {
    const outcome = await Promise.race([
      share.done.then(() => "done" as const),
      refused,
      told.then(() => "told" as const),
    ]);
    bar.stop();
    if (outcome === "told") throw stopped(share);
    const { totalBytes } = share.progress;
    terminal.stdout.write(`${share.sink.names().join("\n")}\n`);
    bar.say(`${share.files.length} file(s), ${formatBytes(totalBytes)}, all right, in ${folder}.`);
    if (!seed) {
      await setTimeout(LAST_WORDS_MS);
      return;
    }
    bar.say("Giving it to others. Ctrl-C ends it.");
    await told;
    bar.say(`Ended: ${formatBytes(share.progress.uploadedBytes)} sent.`);
  } finally {
    ended.abort();
    bar.stop();
  }
}

function stopped({ progress, files }: ReceivingShare<FileSink>): RivuletError {
  const { doneBytes, totalBytes } = progress;
  const how = files.length === 0 ? "" : ` ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)} are there.`;
  return new RivuletError("aborted", `Stopped.${how} The same command goes on from here.`);
}
