import { isMetered, type NavigatorLike } from "./conditions.ts";
import { socketUrl, type Token } from "./tracker-surroundings.ts";

/*
 * The signaling server is dialled while the engine's script is on its way, so that its round trips are over when the engine
 * runs. This is part of `rivulet.js`, so it imports little.
 */

/**
 * Opens the socket that the engine will greet on. Undefined where that is the engine's to judge: the browser says something
 * against connections, or the token has to be asked for; and for a URL that is none, which the engine complains of.
 */
export function dialEarly({ signal, token = "" }: { readonly signal: string; readonly token?: Token }) {
  const { globalPrivacyControl, connection = {} } = navigator as NavigatorLike;
  const isAgainst = globalPrivacyControl || connection.saveData || isMetered(connection);
  if (isAgainst || typeof token !== "string") return undefined;
  try {
    return new WebSocket(socketUrl(signal, token));
  } catch {
    return undefined;
  }
}
