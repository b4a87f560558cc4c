import type { ShakaLibrary } from "./shaka-api.ts";

/** What can go wrong with one attempt, as the errors of Shaka's own http plugins: the same codes, and all recoverable. */
export class ShakaFaults {
  readonly #kinds: ShakaLibrary["util"]["Error"];
  readonly #uri: string;
  readonly #requestType: number;

  constructor(shaka: ShakaLibrary, uri: string, requestType: number) {
    this.#kinds = shaka.util.Error;
    this.#uri = uri;
    this.#requestType = requestType;
  }

  badStatus(response: Response, text: string, headers: Record<string, string>): Error {
    const url = response.url || this.#uri;
    return this.#fault("BAD_HTTP_STATUS", response.status, text, headers, this.#requestType, url);
  }

  failed(cause: unknown): Error {
    return this.#fault("HTTP_ERROR", cause, this.#requestType);
  }

  timedOut(): Error {
    return this.#fault("TIMEOUT", this.#requestType);
  }

  aborted(): Error {
    return this.#fault("OPERATION_ABORTED", this.#requestType);
  }

  #fault(code: keyof ShakaLibrary["util"]["Error"]["Code"], ...data: readonly unknown[]): Error {
    const { Severity, Category, Code } = this.#kinds;
    return new this.#kinds(Severity.RECOVERABLE, Category.NETWORK, Code[code], this.#uri, ...data);
  }
}
