import { createHash } from 'node:crypto'

/**
 * The place of a corp, or of anything else with a name, in a span of time: 0 to 1, the same on every node and every night. Names that
 * differ in little are far apart.
 */
export function placeOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32
}

/**
 * How long work of `count` pieces is spread over: `eachMs` for each of them, up to `atMostMs`. A single one keeps the time exactly.
 */
export function spanMs(count: number, { eachMs, atMostMs }: { eachMs: number; atMostMs: number }): number {
  return Math.min((count - 1) * eachMs, atMostMs)
}

/** When each of these is due, from `from` on. */
export function spreadOver(
  names: readonly string[],
  from: number,
  spread: { eachMs: number; atMostMs: number },
) {
  const span = spanMs(names.length, spread)
  return names.map(name => ({ name, dueAt: new Date(from + Math.floor(placeOf(name) * span)) }))
}
