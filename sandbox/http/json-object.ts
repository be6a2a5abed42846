/**
 * Reads a JSON object. Client libraries send null for fields that they do not use (go-workwx, WxJava with serializers of their own), which the
 * vendors take as absent, in what is nested as well. Undefined for anything else than an object.
 */
export function readJsonObject(body: Buffer): Record<string, unknown> | undefined {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'), withoutNull)
  } catch {
    return undefined
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function withoutNull(this: unknown, _name: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value
}
