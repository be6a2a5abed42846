import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A request as it came: `target` is path and query, unchanged. */
export type SignedRequest = {
  method: string
  target: string
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

export type Verdict =
  | { ok: true }
  | { ok: false; status: number; code: string; message: string; more?: Record<string, string> }

export type Keys = { accessKey: string; secretKey: string; region: string }

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const skewAtMostMs = 15 * 60_000

/** Whether a request is signed as AWS Signature Version 4 wants it for S3; what S3 would say if not. */
export function verify(request: SignedRequest, { accessKey, secretKey, region }: Keys, now: number): Verdict {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
      headerOf(request, 'authorization'),
    )
  if (!given) return refuse(403, 'AccessDenied', 'Access Denied')
  const [, id = '', day = '', inRegion = '', signedHeaders = '', signature = ''] = given
  if (id !== accessKey)
    return refuse(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    )
  if (inRegion !== region)
    return {
      ...refuse(
        400,
        'AuthorizationHeaderMalformed',
        `the region '${inRegion}' is wrong; expecting '${region}'`,
      ),
      more: { Region: region },
    }
  const stamp = headerOf(request, 'x-amz-date') || httpDate(headerOf(request, 'date'))
  if (Math.abs(timeOf(stamp) - now) > skewAtMostMs)
    return refuse(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    )
  const hash = headerOf(request, 'x-amz-content-sha256')
  const expected = sign(request, { day, region, secretKey, stamp, signedHeaders, hash })
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature)))
    return refuse(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    )
  if (hash !== sha256(request.body))
    return refuse(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  return { ok: true }
}

function refuse(status: number, code: string, message: string): Extract<Verdict, { ok: false }> {
  return { ok: false, status, code, message }
}

type Scope = {
  day: string
  region: string
  secretKey: string
  stamp: string
  signedHeaders: string
  hash: string
}

/** The signature that the request should carry. */
export function sign(
  request: SignedRequest,
  { day, region, secretKey, stamp, signedHeaders, hash }: Scope,
): string {
  const [path = '', query = ''] = request.target.split('?', 2)
  const canonical = [
    request.method,
    path.split('/').map(encodedOnce).join('/'),
    canonicalQuery(query),
    ...signedHeaders.split(';').map(name => `${name}:${headerOf(request, name).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    hash,
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n')
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secretKey}`, day), region))
  return createHmac('sha256', key).update(text).digest('hex')
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter(Boolean)
    .map(pair => {
      const [name = '', value = ''] = pair.split('=', 2)
      return `${encodedOnce(name.replaceAll('+', ' '))}=${encodedOnce(value.replaceAll('+', ' '))}`
    })
    .sort()
    .join('&')
}

function encodedOnce(part: string): string {
  return encodeURIComponent(decodeURIComponent(part)).replace(
    /[!'()*]/g,
    one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function headerOf({ headers }: SignedRequest, name: string): string {
  return String(headers[name] ?? '')
}

function timeOf(stamp: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? []
  return y ? Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) : 0
}

function httpDate(text: string): string {
  const at = Date.parse(text)
  return Number.isNaN(at) ? '' : new Date(at).toISOString().replace(/[:-]|\.\d{3}/g, '')
}
