import type { ShareStage } from "../../../e2e/support/share-stage.ts";
import { bareTransfer } from "../bare-channel.ts";
import { printTable, rounded } from "../figures.ts";
import { arrived, openLink } from "./arrival.ts";
import { openSide, type Side } from "./bench-page.ts";
import { makeUp, shareMade, untilHashed } from "./made-up-files.ts";
import { type Held, MemoryWatch, PARTS } from "./memory-watch.ts";
import type { ShareBenchOptions } from "./options.ts";
import { checkContent, endShare } from "./same-content.ts";
import { aboveIdleMb, middleAboveIdleMb } from "./share-figures.ts";

const WITHIN_SECONDS = 1800;

/** What one end held meanwhile, and before. */
interface Phase {
  readonly name: string;
  readonly idle: Held;
  readonly seen: readonly Held[];
}

/** What the tabs at both ends hold while a large file goes from one to the other, beside a bare data channel. Linux only. */
export async function memoryCase(
  stage: ShareStage,
  { sizes, collects }: ShareBenchOptions,
): Promise<Record<string, unknown>> {
  const bare = await withSides(stage, (sender, receiver) =>
    barePhases({ stage, sender, receiver, bytes: sizes.bareMemoryBytes, collects }),
  );
  const shared = await withSides(stage, (sender, receiver) =>
    sharePhases({ stage, sender, receiver, bytes: sizes.memoryBytes, collects }),
  );
  const phases = [...bare, ...shared];
  console.log("Most above idle, MB; middle: the renderer's median while it lasts, above idle.");
  printTable(
    ["", ...PARTS, "middle"],
    phases.map((phase) => [
      phase.name,
      ...PARTS.map((part) => peak(phase, part).toFixed(1)),
      middle(phase).toFixed(1),
    ]),
  );
  const figures: Record<string, unknown> = {
    memoryBytes: sizes.memoryBytes,
    memoryBareBytes: sizes.bareMemoryBytes,
    memoryCollected: collects,
  };
  for (const phase of phases) {
    for (const part of PARTS) {
      const suffix = part === "renderer" ? "" : `${part[0]?.toUpperCase()}${part.slice(1)}`;
      figures[`memory${phase.name}${suffix}Mb`] = rounded(peak(phase, part));
    }
    figures[`memory${phase.name}MiddleMb`] = rounded(middle(phase));
  }
  return figures;
}

function peak({ idle, seen }: Phase, part: keyof Held): number {
  return aboveIdleMb(
    seen.map((held) => held[part]),
    idle[part],
  );
}

function middle({ idle, seen }: Phase): number {
  return middleAboveIdleMb(
    seen.map(({ renderer }) => renderer),
    idle.renderer,
  );
}

/** Browsers that have done nothing else before. */
async function withSides(
  stage: ShareStage,
  run: (sender: Side, receiver: Side) => Promise<Phase[]>,
): Promise<Phase[]> {
  const [sender, receiver] = [await openSide(stage), await openSide(stage)];
  try {
    return await run(sender, receiver);
  } finally {
    await Promise.all([sender.close(), receiver.close()]);
  }
}

interface Transfer {
  readonly stage: ShareStage;
  readonly sender: Side;
  readonly receiver: Side;
  readonly bytes: number;
  readonly collects: boolean;
}

async function barePhases({ sender, receiver, bytes, collects }: Transfer): Promise<Phase[]> {
  const pages = { sender: await sender.openShare(), receiver: await receiver.openShare() };
  const watches = {
    sender: await MemoryWatch.of(sender, pages.sender, collects),
    receiver: await MemoryWatch.of(receiver, pages.receiver, collects),
  };
  const [idleSender, idleReceiver] = await Promise.all([watches.sender.idle(), watches.receiver.idle()]);
  watches.sender.begin();
  watches.receiver.begin();
  await bareTransfer({ ...pages, bytes });
  return [
    { name: "BareSender", idle: idleSender, seen: watches.sender.end() },
    { name: "BareReceiver", idle: idleReceiver, seen: watches.receiver.end() },
  ];
}

async function sharePhases({ stage, collects, ...sides }: Transfer): Promise<Phase[]> {
  const files = [{ path: "film.bin", sizeBytes: sides.bytes }];
  const sender = await sides.sender.openShare();
  const receiver = await sides.receiver.openShare();
  await makeUp(sender, files);
  const watches = {
    sender: await MemoryWatch.of(sides.sender, sender, collects),
    receiver: await MemoryWatch.of(sides.receiver, receiver, collects),
  };
  const [idleSender, idleReceiver] = await Promise.all([watches.sender.idle(), watches.receiver.idle()]);
  watches.sender.begin();
  const { link } = await shareMade(sender, stage.signalUrl);
  await untilHashed(sender);
  const hashing = watches.sender.end();
  watches.sender.begin();
  watches.receiver.begin();
  await openLink(receiver, link, { signal: stage.signalUrl });
  await arrived(receiver, WITHIN_SECONDS);
  const phases = [
    { name: "Hashing", idle: idleSender, seen: hashing },
    { name: "Sender", idle: idleSender, seen: watches.sender.end() },
    { name: "Receiver", idle: idleReceiver, seen: watches.receiver.end() },
  ];
  await checkContent(sender, receiver, files);
  await endShare(receiver);
  return phases;
}
