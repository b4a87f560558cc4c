import type { BytesBySource } from "../../client/statistics.ts";
import { html, swatch } from "./element.ts";
import { keyedRows } from "./keyed-rows.ts";
import type { Scene } from "./scene.ts";

type Given = BytesBySource & { readonly peers: Readonly<Record<string, number>> };

/** A thin bar that shows whom each part came from; what is missing stays empty. Its figures are to be beside it. */
export function splitBar(scene: Scene) {
  const element = html("div", { class: "bar" });
  const show = keyedRows<[colour: string, share: number]>(
    element,
    ([colour]) => colour,
    ([colour]) => {
      const part = swatch(colour);
      return {
        element: part,
        update: ([, share]) => {
          part.style.width = `${share * 100}%`;
        },
      };
    },
  );
  return {
    element,
    update(given: Given, wholeBytes: number): void {
      const byColour = new Map([["peer", given.peerBytes]]);
      const add = (colour: string, bytes: number) =>
        byColour.set(colour, (byColour.get(colour) ?? 0) + bytes);
      for (const [peer, bytes] of Object.entries(given.peers)) {
        add(scene.colourOf(peer), bytes);
        // What remains is of resources that a live stream forgot: only the sum is known.
        add("peer", -bytes);
      }
      byColour.set("origin", given.originBytes).set("store", given.storeBytes);
      // What was read twice was delivered twice.
      const whole = Math.max(wholeBytes, delivered(given));
      show([...byColour].flatMap(([colour, bytes]) => (bytes > 0 ? [[colour, bytes / whole]] : [])));
    },
  };
}

export function delivered({ originBytes, peerBytes, storeBytes }: BytesBySource): number {
  return originBytes + peerBytes + storeBytes;
}
