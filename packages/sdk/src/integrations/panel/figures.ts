import type { PeerStats, ResourceStats } from "../../client/statistics.ts";
import { html, section, setText, swatch } from "./element.ts";
import { figuresTable } from "./figures-table.ts";
import { type Scene, shortPeer } from "./scene.ts";
import type { Part } from "./source.ts";
import { delivered, splitBar } from "./split-bar.ts";

const SHOWN_RESOURCES = 20;
/** So many characters of a path's end are always seen. */
const TAIL = 10;

/** The offload ratio, and the bytes that it is made of. */
export function deliveredPart(scene: Scene): Part {
  const ratio = html("strong");
  const bar = splitBar(scene);
  const legend = html("dl");
  const sources = (["peer", "origin", "store"] as const).map((from) => {
    const bytes = html("dd");
    const share = html("dd", { class: "zero" });
    const name = scene.words[from === "peer" ? "peers" : from];
    legend.append(html("div", {}, html("dt", {}, swatch(from), name), bytes, " ", share));
    return { field: `${from}Bytes` as const, bytes, share };
  });
  return {
    element: html("section", {}, html("p", {}, ratio, scene.words.offload), bar.element, legend),
    update({ stats }) {
      const all = delivered(stats);
      setText(ratio, scene.percent(stats.offloadRatio));
      for (const { field, bytes, share } of sources) {
        setText(bytes, scene.bytes(stats[field]), stats[field]);
        setText(share, scene.percent(all && stats[field] / all), 0);
      }
      const peers: Record<string, number> = {};
      for (const resource of stats.resources)
        for (const [peer, bytes] of Object.entries(resource.peers)) peers[peer] = (peers[peer] ?? 0) + bytes;
      bar.update({ ...stats, peers }, all);
    },
  };
}

/** Who is connected, how fast it goes in each direction, and how much went. */
export function peersPart({ words, bytes, rate, count, colourOf }: Scene): Part {
  const number = html("span");
  const table = figuresTable<PeerStats>({
    label: words.peers,
    columns: [words.peer, words.down, words.up, words.received, words.sent],
    keyOf: ({ peer }) => peer,
    row: ({ peer }) => ({
      name: [swatch(colourOf(peer)), html("code", {}, shortPeer(peer))],
      title: peer,
      figures: (now) => [
        [now.downloadBytesPerSecond, rate(now.downloadBytesPerSecond)],
        [now.uploadBytesPerSecond, rate(now.uploadBytesPerSecond)],
        [now.downloadedBytes, bytes(now.downloadedBytes)],
        [now.uploadedBytes, bytes(now.uploadedBytes)],
      ],
    }),
  });
  return {
    element: section(words.peers, number, table.element),
    update({ stats: { peers } }) {
      setText(number, count(peers.length));
      table.update(peers);
    },
  };
}

/** The resources of which the page was handed most, and whom they came from. */
export function resourcesPart(scene: Scene): Part {
  const { words, count } = scene;
  const number = html("span");
  const table = figuresTable<ResourceStats>({
    label: words.resources,
    columns: [words.resource, words.peers, words.origin, words.store],
    keyOf: ({ path }) => path,
    row: ({ path }) => {
      const bar = splitBar(scene);
      // Segments of one stream differ at the end: where there is little room, it is the middle that goes.
      const name = html("div", {}, html("span", {}, path.slice(0, -TAIL)), path.slice(-TAIL));
      return {
        name: [name, bar.element],
        title: path,
        figures: (now) => {
          bar.update(now, now.sizeBytes);
          return [now.peerBytes, now.originBytes, now.storeBytes].map((bytes) => [bytes, scene.bytes(bytes)]);
        },
      };
    },
  });
  return {
    element: section(words.resources, number, table.element),
    update({ stats: { resources } }) {
      const shown = [...resources].sort((a, b) => delivered(b) - delivered(a)).slice(0, SHOWN_RESOURCES);
      setText(number, `${count(shown.length)} / ${count(resources.length)}`);
      table.update(shown);
    },
  };
}
