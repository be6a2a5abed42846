import { createHash, createHmac } from 'node:crypto'

/** The parts of a request to Aliyun that ACS3 signs (docs/upstream/sms.md#aliyun-signatures). */
export interface AcsRequest {
  method: string
  /** The decoded query parameters. */
  query: [string, string][]
  headers: [string, string][]
  /** Hex SHA-256 of the body. */
  bodyHash: string
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Percent-encoding according to RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const sortedPairs = (pairs: [string, string][]): string =>
  pairs
    .toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1))
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .join('&')

export function acs3CanonicalHash({ method, query, headers, bodyHash }: AcsRequest): string {
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('')
  const names = headers.map(([name]) => name).join(';')
  return sha256([method, '/', sortedPairs(query), lines, names, bodyHash].join('\n'))
}

/** The ACS3-HMAC-SHA256 signature; headers must be sorted by their lower-case names. */
export function acs3Signature(request: AcsRequest, secret: string): string {
  return createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${acs3CanonicalHash(request)}`)
    .digest('hex')
}

/** The RPC signature, version 1.0, over all parameters except `Signature`. */
export function rpcSignature(method: string, params: [string, string][], secret: string): string {
  const signed = params.filter(([key]) => key !== 'Signature')
  const toSign = `${method}&%2F&${encode(sortedPairs(signed))}`
  return createHmac('sha1', `${secret}&`).update(toSign).digest('base64')
}
