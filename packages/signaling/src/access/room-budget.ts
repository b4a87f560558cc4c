export interface RoomBudgetLimits {
  readonly maxRooms: number;
  readonly maxRoomsPerAddress: number;
}

/**
 * How many swarms there may be, and how many of them one address has opened, so that one cannot take them all. A swarm
 * counts for who opened it for as long as it exists.
 */
export class RoomBudget {
  readonly #limits: RoomBudgetLimits;
  readonly #byAddress = new Map<string, number>();
  #rooms = 0;

  constructor(limits: RoomBudgetLimits) {
    this.#limits = limits;
  }

  /** Why this address cannot open one more; undefined when it can. */
  refusal(address: string): string | undefined {
    const { maxRooms, maxRoomsPerAddress } = this.#limits;
    if (this.#rooms >= maxRooms) return `This server keeps at most ${maxRooms} swarms; try again later.`;
    if (this.#openedBy(address) < maxRoomsPerAddress) return undefined;
    return `Your address has opened ${maxRoomsPerAddress} of the swarms here, the most that one may; leave one first.`;
  }

  opened(address: string): void {
    this.#rooms += 1;
    this.#byAddress.set(address, this.#openedBy(address) + 1);
  }

  closed(address: string): void {
    this.#rooms -= 1;
    const left = this.#openedBy(address) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }

  #openedBy(address: string): number {
    return this.#byAddress.get(address) ?? 0;
  }
}
