import type { JSHandle, Page } from "puppeteer-core";

/** One end of a bare connection, in its page. */
export interface BareEnd {
  readonly connection: RTCPeerConnection;
}

/** Connects two pages; the sending one offers. Of the two ends, it is the one that can send as soon as it is open: see simple-peer-link.ts. */
export async function connectBare(
  from: { readonly page: Page; readonly end: JSHandle<BareEnd> },
  to: { readonly page: Page; readonly end: JSHandle<BareEnd> },
): Promise<void> {
  const offer = await from.page.evaluate(describeWhole, from.end);
  const answer = await to.page.evaluate(describeWhole, to.end, offer);
  await from.page.evaluate(
    ({ connection }, answer) => connection.setRemoteDescription(answer),
    from.end,
    answer,
  );
}

/** Runs in a page. A description goes over whole, because a candidate that overtook it would be refused. */
async function describeWhole(
  { connection }: BareEnd,
  other?: RTCSessionDescriptionInit,
): Promise<RTCSessionDescriptionInit> {
  if (other) await connection.setRemoteDescription(other);
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 10));
  return { type: other ? "answer" : "offer", sdp: connection.localDescription?.sdp ?? "" };
}
