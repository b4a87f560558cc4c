/** An error that may be gone a moment later: 408, 429 and what is the server's own. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
