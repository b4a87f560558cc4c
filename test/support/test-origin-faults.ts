/** What goes wrong with the requests for one path; several things may. */
export interface Fault {
  /** How many requests it befalls, then it is gone. For good when absent. */
  readonly times?: number;
  /** Answer with this status and no content. */
  readonly status?: number;
  /** The Retry-After header that goes with the status. */
  readonly retryAfter?: string;
  /** Answer a Range request with 200 and the whole file. */
  readonly ignoreRange?: boolean;
  /** Cut the connection after so many bytes of the body. */
  readonly cutAfterBytes?: number;
  /** Send nothing more after so many bytes of the body, but keep the connection. */
  readonly stallAfterBytes?: number;
  /** Cut the connection without an answer. */
  readonly down?: boolean;
  /** Never answer, but keep the connection. */
  readonly silent?: boolean;
  /** Answer as without the fault, but only once this has settled. */
  readonly until?: Promise<unknown>;
  /** Headers to lie with: another ETag, a wrong Content-Range, a Content-Encoding. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The fault that befalls this request, one time less to come. `"*"` stands for paths without a fault of their own. */
export function takeFault(faults: Map<string, Fault>, path: string): Fault {
  const name = faults.has(path) ? path : "*";
  const fault = faults.get(name);
  if (!fault) return {};
  if (fault.times !== undefined) {
    if (fault.times <= 1) faults.delete(name);
    else faults.set(name, { ...fault, times: fault.times - 1 });
  }
  return fault;
}
