let table: Map<string, readonly [number, number]> | undefined

/** Node reads GBK and writes none, so the other direction is looked up. What GBK does not have becomes a question mark. */
export function encodeGbk(text: string): Buffer<ArrayBuffer> {
  table ??= readTable()
  const known = table
  return Buffer.from(
    [...text].flatMap(one => (one < '\x80' ? [one.charCodeAt(0)] : [...(known.get(one) ?? [0x3f])])),
  )
}

function readTable(): Map<string, readonly [number, number]> {
  const decoder = new TextDecoder('gbk')
  const pairs = new Map<string, readonly [number, number]>()
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++)
      if (trail !== 0x7f) pairs.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail])
  return pairs
}
