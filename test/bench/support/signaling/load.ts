// One process of load: does what its parent asks for over IPC, one thing at a time.
import { openCrowd } from "./crowd.ts";
import type { Answer, Command, Results } from "./load-commands.ts";
import type { LoadPeer } from "./load-peer.ts";
import { flood, loop, probe, quiet } from "./loops.ts";
import { reconnect } from "./reconnecting.ts";
import { Tally } from "./tally.ts";
import { watch } from "./watching.ts";

const tally = new Tally();
let peers: LoadPeer[] = [];

async function perform(command: Command): Promise<Results[keyof Results]> {
  switch (command.type) {
    case "open":
      peers = [...peers, ...(await openCrowd(command.crowd, tally))];
      return { opened: peers.length };
    case "loop":
      return await loop(peers, tally, command);
    case "probe":
      return await probe(peers, tally, command);
    case "flood": {
      const [peer] = peers;
      if (!peer) throw new Error("Nobody is there to flood.");
      return await flood(peer, tally, command);
    }
    case "announce-once":
      for (const peer of peers) {
        peer.write(peer.floodFrame());
        // All at once would fill the server's buffers with what is measured.
        if (peer.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await quiet(tally);
      return { relayed: tally.relayed };
    case "reconnect":
      return await reconnect(peers, command);
    case "watch":
      return await watch(peers, tally, command);
    case "hostile": {
      const { sendHostile } = await import("./hostile.ts");
      return await sendHostile(command);
    }
    case "close": {
      const closed = peers.length;
      for (const peer of peers) peer.leave();
      peers = [];
      return { closed };
    }
    default:
      return command satisfies never;
  }
}

process.on("message", async (command: Command) => {
  let answer: Answer;
  try {
    answer = { type: "result", result: await perform(command) };
  } catch (error) {
    answer = { type: "failure", message: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answer);
});

// Its parent may be killed before it can end what it started.
process.once("disconnect", () => process.exit(1));
