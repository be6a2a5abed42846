const prefixes = [
  ...[130, 131, 132, 133, 134, 135, 136, 137, 138, 139],
  ...[150, 151, 152, 153, 155, 156, 157, 158, 159],
  ...[180, 181, 182, 183, 184, 185, 186, 187, 188, 189],
]
const span = prefixes.length * 100_000_000
// Coprime to the span, so that every slot gets another number, and small enough that slot × step is exact in
// a double for millions of slots.
const step = 1_234_567_891

function inverse(a: bigint, m: bigint): bigint {
  let [r, nextR, t, nextT] = [m, a, 0n, 1n]
  while (nextR !== 0n) {
    const quotient = r / nextR
    ;[r, nextR] = [nextR, r - quotient * nextR]
    ;[t, nextT] = [nextT, t - quotient * nextT]
  }
  return ((t % m) + m) % m
}
const back = inverse(BigInt(step), BigInt(span))

/** A made-up mobile number. Different slots (below 7,000,000) get different numbers. */
export function mobileOf(seed: number, slot: number): string {
  const value = (slot * step + (seed % 1000) * 7_919 + 12_345) % span
  const prefix = prefixes[Math.floor(value / 100_000_000)]!
  return `${prefix}${String(value % 100_000_000).padStart(8, '0')}`
}

/** The inverse of {@link mobileOf}: computing the slot saves an index of a million numbers. */
export function slotOfMobile(seed: number, mobile: string): number | undefined {
  if (!/^1\d{10}$/.test(mobile)) return undefined
  const index = prefixes.indexOf(Number(mobile.slice(0, 3)))
  if (index < 0) return undefined
  const value = index * 100_000_000 + Number(mobile.slice(3)) - (seed % 1000) * 7_919 - 12_345
  const wrapped = BigInt(((value % span) + span) % span)
  return Number((wrapped * back) % BigInt(span))
}
