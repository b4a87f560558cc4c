// The page of Shaka Player, from its script tag. It runs in the page.
import type shaka from "shaka-player";
import { rivuletShaka } from "#sdk/integrations/shaka.ts";
import { loaded, servePlayer } from "./player-page-film.ts";

declare const window: Window & { readonly shaka: typeof shaka };

servePlayer(async (playlist, rivulet, { video, errors, loads }) => {
  const { Player, net } = window.shaka;
  const player = new Player();
  await player.attach(video);
  player.addEventListener("error", (event: unknown) => errors.push(JSON.stringify(event)));
  player.getNetworkingEngine()?.registerResponseFilter(async (type, { uri, originalRequest, data }) => {
    if (type !== net.NetworkingEngine.RequestType.SEGMENT) return;
    loads.push(await loaded(uri, originalRequest.headers.Range, data as BufferSource));
  });
  const detach = rivulet && rivuletShaka(player, rivulet);
  await player.load(playlist).catch((error: unknown) => errors.push(`load: ${JSON.stringify(error)}`));
  return async () => {
    detach?.();
    await player.destroy();
  };
});
