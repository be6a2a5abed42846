import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { type Dispatcher, request } from 'undici'
import { parseDocument, type XmlElement, type XmlValue } from '../transport/xml.ts'
import { type S3Address, type S3Keys, s3Url } from './s3-address.ts'
import { refusalOf, S3Error, type S3Operation, silenceOf } from './s3-error.ts'

export type S3Options = {
  dispatcher: Dispatcher
  now(): number
  /** Called before each request; throws for a host that may not be called. */
  allow(): Promise<void>
  /** Pauses between the attempts of one call, in ms. */
  pausesMs?: readonly number[]
  /** How long a short call, and one of a part, may take. */
  shortMs?: number
  longMs?: number
  /** How long a listing may take, all pages together. */
  listMs?: number
}

export type S3Object = { key: string; size: number; at: Date }
export type S3Upload = { key: string; uploadId: string }
export type S3Head = { size: number; etag: string }

type Call = {
  operation: S3Operation
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Buffer
  /** How much of the answer is read at most. */
  answerBytes?: number
  isLong?: boolean
  signal?: AbortSignal | undefined
}

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }

const usualPausesMs = [1000, 4000, 15_000] as const
const shortMs = 30_000
const longMs = 600_000
const listBytes = 1 << 20
const errorBytes = 64 << 10
const perPage = '500'
/** What a listing may take, so that a store whose listing never ends costs no more than this: 100,000 names. */
const pagesAtMost = 200
const listMs = 30_000

/** The calls of S3 that a store of backups needs, each signed (SigV4) with the hash of its body. They throw S3Error. */
export type S3Client = ReturnType<typeof createS3Client>

type Caller = (one: Call) => Promise<Answer>

export function createS3Client(address: S3Address, keys: S3Keys, options: S3Options) {
  const call: Caller = one => attempts(address, keys, options, one)
  return { ...listCalls(call, options.listMs ?? listMs), ...objectCalls(call), ...uploadCalls(call) }
}

function listCalls(call: Caller, timeMs: number) {
  async function pages<T extends { key: string }>(
    one: Omit<Call, 'method' | 'key'>,
    keeps: KeyFilter,
    read: (root: XmlElement) => T[],
    next: NextPage,
  ): Promise<T[]> {
    const all: T[] = []
    const end = AbortSignal.timeout(timeMs)
    const signal = one.signal ? AbortSignal.any([one.signal, end]) : end
    const seen = new Set<string>()
    let more: Record<string, string> | undefined = {}
    try {
      while (more) {
        const query: Record<string, string> = { ...one.query, ...more }
        const { body } = await call({ ...one, query, signal, method: 'GET', key: '', answerBytes: listBytes })
        const root = rootOf(body)
        all.push(...read(root).filter(({ key }) => keeps(key)))
        more = textIn(root, 'IsTruncated') === 'true' ? next(root) : undefined
        const place = JSON.stringify(more)
        if (more && (seen.has(place) || Object.values(more).every(text => text === ''))) throw repeated()
        seen.add(place)
        if (more && seen.size >= pagesAtMost) throw tooMany()
      }
    } catch (error) {
      if (end.aborted && !one.signal?.aborted) throw tooSlow(timeMs)
      throw error
    }
    return all
  }

  return {
    /** Objects whose keys begin with the prefix, as far as `keeps` wants them. */
    list: (prefix: string, keeps: KeyFilter, signal?: AbortSignal): Promise<S3Object[]> =>
      pages(
        { operation: 'list', query: { 'list-type': '2', prefix, 'max-keys': perPage }, signal },
        keeps,
        root =>
          elementsIn(root, 'Contents').map(one => ({
            key: textIn(one, 'Key'),
            size: Number(textIn(one, 'Size')),
            at: new Date(textIn(one, 'LastModified')),
          })),
        root => ({ 'continuation-token': textIn(root, 'NextContinuationToken') }),
      ),
    listUploads: (prefix: string, keeps: KeyFilter, signal?: AbortSignal): Promise<S3Upload[]> =>
      pages(
        { operation: 'listUploads', query: { uploads: '', prefix, 'max-uploads': perPage }, signal },
        keeps,
        root =>
          elementsIn(root, 'Upload').map(one => ({
            key: textIn(one, 'Key'),
            uploadId: textIn(one, 'UploadId'),
          })),
        root => ({
          'key-marker': textIn(root, 'NextKeyMarker'),
          'upload-id-marker': textIn(root, 'NextUploadIdMarker'),
        }),
      ),
  }
}

function objectCalls(call: Caller) {
  return {
    async head(key: string, signal?: AbortSignal): Promise<S3Head> {
      const { headers } = await call({ operation: 'read', method: 'HEAD', key, signal })
      return { size: Number(headers['content-length']), etag: etagOf(headers['etag']) }
    },
    /** The bytes from `from` to before `to`, of the object with this ETag. */
    async read(
      key: string,
      range: { from: number; to: number; etag?: string },
      signal?: AbortSignal,
    ): Promise<Buffer> {
      const headers = {
        range: `bytes=${range.from}-${range.to - 1}`,
        ...(range.etag ? { 'if-match': `"${range.etag}"` } : {}),
      }
      const answerBytes = range.to - range.from
      const { body } = await call({
        operation: 'read',
        method: 'GET',
        key,
        headers,
        answerBytes,
        isLong: true,
        signal,
      })
      return body
    },
    async put(key: string, body: Buffer, signal?: AbortSignal): Promise<void> {
      await call({ operation: 'write', method: 'PUT', key, body, signal })
    },
    async remove(key: string, signal?: AbortSignal): Promise<void> {
      await call({ operation: 'delete', method: 'DELETE', key, signal })
    },
  }
}

function uploadCalls(call: Caller) {
  return {
    async beginUpload(key: string, signal?: AbortSignal): Promise<string> {
      const { body } = await call({ operation: 'write', method: 'POST', key, query: { uploads: '' }, signal })
      const id = textIn(rootOf(body), 'UploadId')
      if (!id) throw garbled()
      return id
    },
    /** Returns the part's ETag. The MD5 of what arrived is compared, where the ETag is one. */
    async putPart(
      key: string,
      uploadId: string,
      number: number,
      body: Buffer,
      signal?: AbortSignal,
    ): Promise<string> {
      const query = { partNumber: String(number), uploadId }
      const answer = await call({ operation: 'write', method: 'PUT', key, query, body, isLong: true, signal })
      const etag = etagOf(answer.headers['etag'])
      const isOwnForm = String(answer.headers['x-amz-server-side-encryption'] ?? '').startsWith('aws:')
      const isMd5 = !isOwnForm && /^[0-9a-f]{32}$/.test(etag.toLowerCase())
      if (isMd5 && createHash('md5').update(body).digest('hex') !== etag.toLowerCase()) throw damaged()
      return etag
    },
    /** Only now is there an object. S3 may answer 200 and say in the body that it failed. */
    async completeUpload(
      key: string,
      uploadId: string,
      etags: readonly string[],
      signal?: AbortSignal,
    ): Promise<void> {
      const parts = etags.map(
        (etag, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`,
      )
      const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`
      const body = Buffer.from(xml)
      await call({ operation: 'write', method: 'POST', key, query: { uploadId }, body, isLong: true, signal })
    },
    /** Nothing is left of the upload, also when there was none any more. */
    async abortUpload(key: string, uploadId: string): Promise<void> {
      await call({ operation: 'write', method: 'DELETE', key, query: { uploadId } }).catch(error => {
        if (!(error instanceof S3Error && error.code === 'NoSuchUpload')) throw error
      })
    },
  }
}

type KeyFilter = (key: string) => boolean
type NextPage = (root: XmlElement) => Record<string, string>

async function attempts(address: S3Address, keys: S3Keys, options: S3Options, call: Call): Promise<Answer> {
  const pauses = options.pausesMs ?? usualPausesMs
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(address, keys, options, call)
    } catch (error) {
      call.signal?.throwIfAborted()
      if (!(error instanceof S3Error && error.isPassing) || attempt >= pauses.length) throw error
      await delay(pauses[attempt], undefined, { ...(call.signal ? { signal: call.signal } : {}) })
    }
  }
}

async function attemptOnce(
  address: S3Address,
  keys: S3Keys,
  options: S3Options,
  call: Call,
): Promise<Answer> {
  const url = s3Url(address, call.key, call.query ?? {})
  await options.allow()
  const signed = await signedHeaders(url, address, keys, options, call)
  const timeoutMs = call.isLong ? (options.longMs ?? longMs) : (options.shortMs ?? shortMs)
  const end = AbortSignal.timeout(timeoutMs)
  const signal = call.signal ? AbortSignal.any([call.signal, end]) : end
  try {
    const answer = await request(url, {
      method: call.method,
      headers: signed,
      body: call.body ?? null,
      dispatcher: options.dispatcher,
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
    const isGood = answer.statusCode >= 200 && answer.statusCode < 300
    const body = await readAtMost(answer.body, isGood ? (call.answerBytes ?? errorBytes) : errorBytes)
    const found = { status: answer.statusCode, headers: answer.headers, body }
    // Completing an upload may fail after the head of a success was sent.
    if (isGood && !(call.method === 'POST' && body.includes('<Error>'))) return found
    throw refusal(address, options, call, found)
  } catch (error) {
    if (error instanceof S3Error) throw error
    call.signal?.throwIfAborted()
    throw silenceOf(url.hostname, end.aborted ? end.reason : error)
  }
}

function refusal(address: S3Address, options: S3Options, { operation }: Call, answer: Answer): S3Error {
  const { status, headers, body } = answer
  const theirs = Date.parse(String(headers['date'] ?? ''))
  const bucketRegion = headers['x-amz-bucket-region']
  return refusalOf({
    operation,
    status,
    body: body.toString('utf8'),
    bucketRegion: typeof bucketRegion === 'string' ? bucketRegion : undefined,
    clockMs: Number.isNaN(theirs) ? undefined : theirs - options.now(),
    region: address.region,
    bucket: address.bucket,
  })
}

async function signedHeaders(
  url: URL,
  { region }: S3Address,
  { accessKey, secretKey }: S3Keys,
  { now }: S3Options,
  { method, headers, body }: Call,
): Promise<Record<string, string>> {
  const hash = createHash('sha256')
    .update(body ?? '')
    .digest('hex')
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...headers, 'x-amz-content-sha256': hash },
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    service: 's3',
    region,
    datetime: new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  })
  return Object.fromEntries((await signer.sign()).headers)
}

async function readAtMost(body: AsyncIterable<Buffer>, bytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > bytes) throw garbled()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function rootOf(body: Buffer): XmlElement {
  try {
    const { value } = parseDocument(body.toString('utf8'))
    if (typeof value === 'object') return value
  } catch (error) {
    throw garbled(error)
  }
  return {}
}

function garbled(cause?: unknown): S3Error {
  const words = {
    zh: '这个地址的应答不是 S3 的应答：请核对地址',
    en: 'what answers there is not S3: check the endpoint',
  }
  return new S3Error('garbled', 200, words, { isPassing: false, cause })
}

function repeated(): S3Error {
  const words = {
    zh: '列出文件时，S3 两次指向同一页（或不说下一页在哪里），列不完：请检查这个地址上的服务',
    en: 'while listing, S3 led to the same page twice, or to none, so that the list has no end: check the service at this endpoint',
  }
  return new S3Error('garbled', 200, words, { isPassing: false })
}

function tooMany(): S3Error {
  const words = {
    zh: `这个前缀下超过 ${pagesAtMost} 页（约 10 万个文件），没有列完：请给备份用单独的存储桶或前缀`,
    en: `there are more than ${pagesAtMost} pages (some 100,000 files) below this prefix, and the list was given up: use a bucket or prefix for backups alone`,
  }
  return new S3Error('garbled', 200, words, { isPassing: false })
}

function tooSlow(ms: number): S3Error {
  const words = {
    zh: `列出文件超过 ${ms / 1000} 秒，没有列完：请检查网络，或给备份用单独的存储桶或前缀`,
    en: `listing took more than ${ms / 1000} s and was given up: check the network, or use a bucket or prefix for backups alone`,
  }
  return new S3Error('timeout', 0, words, { isPassing: true })
}

function damaged(): S3Error {
  const words = { zh: '上传的内容在途中被改变了', en: 'what was uploaded was changed on its way' }
  return new S3Error('BadDigest', 200, words, { isPassing: true })
}

function etagOf(value: string | string[] | undefined): string {
  return String(value ?? '').replace(/^(W\/)?"?|"?$/g, '')
}

function elementsIn(root: XmlElement, name: string): XmlElement[] {
  const value: XmlValue | undefined = root[name]
  const all = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return all.filter(one => typeof one === 'object')
}

function textIn(root: XmlElement, name: string): string {
  const value = root[name]
  return typeof value === 'string' ? value : ''
}
