import { createHash, createHmac } from 'node:crypto'

/** The parts of a request to Tencent Cloud that are signed (docs/upstream/sms.md#tencent-cloud-signature). */
export interface Tc3Request {
  method: string
  /** As sent, without the question mark. */
  query: string
  /** Names and values of the signed headers, in order of signing. */
  headers: [string, string][]
  body: string
  /** Unix seconds. */
  timestamp: number
  service: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The date of the signature as YYYY-MM-DD in UTC. */
export const tc3Date = (timestamp: number): string => new Date(timestamp * 1000).toISOString().slice(0, 10)

/** The TC3-HMAC-SHA256 signature. */
export function tc3Signature(request: Tc3Request, secretKey: string): string {
  const { method, query, headers, body, timestamp, service } = request
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('')
  const names = headers.map(([name]) => name).join(';')
  const canonical = [method, '/', query, lines, names, sha256(body)].join('\n')
  const date = tc3Date(timestamp)
  const toSign = ['TC3-HMAC-SHA256', timestamp, `${date}/${service}/tc3_request`, sha256(canonical)].join(
    '\n',
  )
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request')
  return hmac(key, toSign).toString('hex')
}
