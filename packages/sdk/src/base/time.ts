/** Durations are milliseconds; write `30 * second`. */
export const second = 1000;
export const minute = 60 * second;
