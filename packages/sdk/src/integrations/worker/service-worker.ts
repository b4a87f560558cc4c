import { Answer } from "./answers.ts";
import { type Asked, askedOf } from "./asked.ts";
import { Catalogues, type Listed } from "./catalogues.ts";
import { Leaders, type Pages } from "./leaders.ts";
import type { ToWorker } from "./messages.ts";
import { Players } from "./players.ts";

/*
 * `rivulet-sw.js`: answers what a site's pages ask for and the manifest lists. It has no data channels, which browsers do
 * not give a worker; a page runs the engine, and the worker asks that page. It is a site's whole worker, or one part of it
 * by `importScripts`: then it comes first, answers what is listed, and leaves everything else to the others.
 */

/** The parts of `ServiceWorkerGlobalScope` that are used; TypeScript's declarations for pages lack it. */
interface WorkerScope {
  readonly location: Location;
  readonly clients: Pages & { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "message", listener: (event: ClientMessage) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface ClientMessage extends ExtendableEvent {
  readonly data: unknown;
  readonly source: { readonly id: string } | null;
  readonly ports: readonly MessagePort[];
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly clientId: string;
  respondWith(response: Promise<Response>): void;
}

/** Without a type browsers refuse these; into all else they look. */
const TYPED = new Set(["style", "script"]);

type Claim = Extract<ToWorker, { rivulet: "claim" }>;

const scope = self as unknown as WorkerScope;
const catalogues = new Catalogues();
const leaders = new Leaders(scope.clients);
const players = new Players(scope.clients);

scope.addEventListener("install", (event) => {
  // A site's own worker decides for itself when it takes over.
  if (/rivulet-sw[^/]*$/.test(scope.location.pathname)) event.waitUntil(scope.skipWaiting());
});

scope.addEventListener("message", (event) => {
  const message = event.data as ToWorker | undefined;
  switch (message?.rivulet) {
    case "claim":
      return event.waitUntil(claim(event.source?.id ?? "", message));
    case "lead": {
      const [port] = event.ports;
      const { manifest, catalogue, keep } = message;
      if (keep) players.keep();
      if (!port || !event.source || !catalogues.learn(manifest, catalogue)) return;
      return leaders.lead(manifest, event.source.id, port);
    }
    case "leave":
      if (event.source) leaders.left(message.manifest, event.source.id);
      return;
  }
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") return catalogues.check();
  const asked = askedOf(request, scope.location.origin);
  const listed = asked && catalogues.find(asked.url);
  if (!asked || (listed !== "unknown" && isOurs(event, asked, listed) === false)) return;
  event.respondWith(respond(event, asked));
  // Others that hear this event have nothing left to answer.
  event.stopImmediatePropagation();
});

/** The page's script may be of an earlier release, which did not tell of its players. */
async function claim(by: string, { media = [], keep }: Partial<Claim>): Promise<void> {
  if (keep) players.keep();
  const pages = (includeUncontrolled: boolean) =>
    scope.clients.matchAll({ type: "window", includeUncontrolled });
  const [all, own] = await Promise.all([pages(true), pages(false)]);
  for (const { id } of all) if (!own.some((page) => page.id === id)) players.late(id, id === by ? media : []);
  return scope.clients.claim();
}

/** False for what the network has to answer; undefined while that cannot be told. */
function isOurs({ request, clientId }: FetchEvent, asked: Asked, listed: Listed | undefined) {
  return isPlayer(request) ? players.isOurs(clientId, asked, listed !== undefined) : listed !== undefined;
}

function isPlayer({ destination }: Request): boolean {
  return destination === "video" || destination === "audio";
}

async function respond(event: FetchEvent, asked: Asked): Promise<Response> {
  const { request, clientId } = event;
  await Promise.all([catalogues.loaded, players.loaded]);
  // What a page needs shall be of the manifest as it is published now.
  await catalogues.checked();
  const found = catalogues.find(asked.url);
  const listed = found === "unknown" ? undefined : found;
  if (!isOurs(event, asked, listed) || (TYPED.has(request.destination) && !listed?.mediaType))
    return fetch(request);
  if (!listed) {
    // It was listed when the player began.
    const response = await fetch(request);
    return response.ok ? new Response(response.body, response) : response;
  }
  const { response, ended } = await new Answer(listed, leaders, isPlayer(request)).to(request);
  event.waitUntil(ended);
  // One that was fetched, of another version than is listed.
  if (isPlayer(request) && response.url) players.networkBegan(clientId, asked);
  return response;
}
