import type { ShakaLibrary, ShakaPlugin, ShakaRequest } from "./shaka-api.ts";

const SCHEMES = ["http", "https"];
/** One for each copy of the library on a page: its plugins are shared by all of its players. */
const DOORS = new WeakMap<ShakaLibrary["net"]["NetworkingEngine"], ShakaDoor>();

/**
 * Shaka's plugins for http and https while some player of a page loads through Rivulet. A scheme of our own would leave
 * these alone, but Shaka chooses the plugin before a request filter can change the URI, and other filters would see it.
 * So requests are marked instead, and what is not marked goes to the plugin that the library brings.
 */
export class ShakaDoor {
  readonly #shaka: ShakaLibrary;
  readonly #http: ShakaPlugin;
  readonly #marked = new WeakMap<ShakaRequest, ShakaPlugin>();
  #players = 0;

  private constructor(shaka: ShakaLibrary) {
    this.#shaka = shaka;
    const { HttpFetchPlugin, HttpXHRPlugin } = shaka.net;
    this.#http = HttpFetchPlugin.isSupported() ? HttpFetchPlugin.parse : HttpXHRPlugin.parse;
  }

  static of(shaka: ShakaLibrary): ShakaDoor {
    const key = shaka.net.NetworkingEngine;
    const door = DOORS.get(key) ?? new ShakaDoor(shaka);
    DOORS.set(key, door);
    return door;
  }

  /** A player loads through Rivulet from now on. */
  open(): void {
    if (this.#players++ === 0) this.#register(this.#plugin);
  }

  close(): void {
    if (--this.#players === 0) this.#register(this.#http);
  }

  /** All attempts of this request are made by `plugin`. */
  mark(request: ShakaRequest, plugin: ShakaPlugin): void {
    this.#marked.set(request, plugin);
  }

  /** Loads as the library does by itself. */
  get http(): ShakaPlugin {
    return this.#http;
  }

  /** With the library's own priority: a page's own plugin has a higher one, and stays. */
  #register(plugin: ShakaPlugin): void {
    const { NetworkingEngine } = this.#shaka.net;
    const { PREFERRED } = NetworkingEngine.PluginPriority;
    for (const scheme of SCHEMES) NetworkingEngine.registerScheme(scheme, plugin, PREFERRED, true);
  }

  #plugin: ShakaPlugin = (uri, request, ...rest) => {
    const plugin = this.#marked.get(request) ?? this.#http;
    return plugin(uri, request, ...rest);
  };
}
