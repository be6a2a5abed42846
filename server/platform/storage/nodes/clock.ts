/**
 * The database's clock, as this process knows it. Every time that others read is by it, so that a node whose machine has another time
 * neither holds back nor hastens what others wait for. See docs/decisions/the-databases-clock.md.
 */
export type Clock = {
  /** In ms since the epoch. */
  now(): number
  /** How far this machine's clock is ahead of it, in ms; negative when it is behind. */
  aheadMs(): number
  /** The database said `databaseMs` at some moment between the two, which are `performance.now()`. */
  measure(databaseMs: number, askedAt: number, heardAt: number): void
}

/** `wall` is this machine's clock, which counts until the database has answered once. */
export function createClock(wall: () => number = Date.now): Clock {
  // Between two answers time goes on by the monotonic clock: whoever sets the machine's clock meanwhile changes nothing.
  let epoch = wall() - performance.now()
  const now = () => Math.round(epoch + performance.now())
  return {
    now,
    aheadMs: () => wall() - now(),
    measure(databaseMs, askedAt, heardAt) {
      // Moved only as far as the answer proves it wrong, so that a slow answer does not make it worse.
      epoch = Math.min(Math.max(epoch, databaseMs - heardAt), databaseMs - askedAt)
    },
  }
}

/** From this much on a node's clock is told. */
export const clockToldMs = 5000
/** From this much on a node leaves what is due to nodes whose clocks are right. */
export const clockWrongMs = 60_000
