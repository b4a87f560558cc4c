import { spawnSync } from "node:child_process";

/** Set in the program that runs behind the line. */
const BEHIND = "RIVULET_BENCH_LINE";

/**
 * What goes from one address of this machine to another passes the loopback device: in a network namespace of its own, with
 * the packets of an Ethernet and a token bucket with 50 ms of queue in front. The pair of devices is there because browsers
 * offer each other no loopback address.
 */
const SET_UP = `set -e
ip link set lo up mtu 1500
ip link add line0 type veth peer name line1
ip address add 10.9.9.1/24 dev line0
ip link set line0 up
ip link set line1 up
ip route add default dev line0
tc qdisc add dev lo root tbf rate "$0mbit" burst 64k latency 50ms
exec "$@"`;

/**
 * Runs this program again behind a line of so many Mbit/s, and ends it with that one's status; the namespace goes with it.
 * Returns at once where the program is behind the line already. Linux, as root, with `ip`, `tc` and `unshare`.
 */
export function goBehindLine(mbit: number): void {
  if (process.env[BEHIND] !== undefined) return;
  const self = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status, error } = spawnSync("unshare", ["--net", "sh", "-c", SET_UP, String(mbit), ...self], {
    stdio: "inherit",
    env: { ...process.env, [BEHIND]: String(mbit) },
  });
  if (error) console.error(`A line of ${mbit} Mbit/s cannot be made: ${error.message}`);
  process.exit(status ?? 1);
}
