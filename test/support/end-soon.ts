/** WebRTC's threads keep Node running for a while, or for good when a link of a test never closed: the command line exits. */
export function endSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}
