import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bucket } from './bucket.ts'
import { type SignedRequest, verify } from './signature.ts'

/** What a test makes the server do instead of answering. */
export type Fault =
  | { kind: 'silent' }
  | { kind: 'cut' }
  | { kind: 'error'; status: number; code: string; headers?: Record<string, string> }

export type S3Request = { method: string; key: string; query: URLSearchParams; body: Buffer }

export type S3Sandbox = {
  url: string
  keys: { accessKey: string; secretKey: string; region: string; bucket: string }
  bucket: Bucket
  /** Asked for each request that is signed well; undefined answers it. */
  fault: (request: S3Request) => Fault | undefined
  /** How far the clock is before the real one. */
  clockMs: number
  requests: S3Request[]
  close(): Promise<void>
}

const keys = {
  accessKey: 'AKIASANDBOX',
  secretKey: 'sandbox+secret/key',
  region: 'cn-sandbox-1',
  bucket: 'backups',
}

/** S3 with one bucket in the path, which checks every signature as the vendor describes it, and its answers' XML. */
export async function startS3(): Promise<S3Sandbox> {
  const server = createServer((request, response) => {
    answer(sandbox, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const sandbox: S3Sandbox = {
    url: `http://127.0.0.1:${port}`,
    keys,
    bucket: new Bucket(keys.bucket),
    fault: () => undefined,
    clockMs: 0,
    requests: [],
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return sandbox
}

async function answer(
  sandbox: S3Sandbox,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const body = Buffer.concat(parts)
  const { method = '', url: target = '', headers } = request
  const signed: SignedRequest = { method, target, headers, body }
  const now = Date.now() + sandbox.clockMs
  response.setHeader('date', new Date(now).toUTCString())
  const verdict = verify(signed, sandbox.keys, now)
  if (!verdict.ok) return sendError(response, verdict.status, verdict.code, verdict.message, verdict.more)
  const { pathname, searchParams: query } = new URL(target, 'http://s3')
  const [, bucket = '', ...rest] = decodeURIComponent(pathname).split('/')
  const asked: S3Request = { method, key: rest.join('/'), query, body }
  sandbox.requests.push(asked)
  const fault = sandbox.fault(asked)
  if (fault?.kind === 'silent') return undefined
  if (fault?.kind === 'cut') return request.socket.destroy()
  if (fault) {
    for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value)
    return sendError(response, fault.status, fault.code, 'as the test says')
  }
  if (bucket !== sandbox.bucket.name)
    return sendError(response, 404, 'NoSuchBucket', 'The specified bucket does not exist')
  return serve(sandbox.bucket, asked, headers, response)
}

function serve(
  bucket: Bucket,
  { method, key, query, body }: S3Request,
  headers: IncomingMessage['headers'],
  response: ServerResponse,
): ServerResponse {
  const uploadId = query.get('uploadId') ?? ''
  switch (`${method} ${key ? 'object' : 'bucket'}`) {
    case 'GET bucket':
      return sendXml(response, query.has('uploads') ? bucket.uploadsXml(query) : bucket.listXml(query))
    case 'POST object':
      if (query.has('uploads')) return sendXml(response, bucket.begin(key))
      return sendOutcome(response, bucket.complete(uploadId, body.toString('utf8')))
    case 'PUT object': {
      if (!uploadId) return sendEtag(response, bucket.put(key, body))
      const etag = bucket.putPart(uploadId, Number(query.get('partNumber')), body)
      return etag === undefined
        ? sendError(response, 404, 'NoSuchUpload', 'The specified upload does not exist.')
        : sendEtag(response, etag)
    }
    case 'DELETE object':
      if (uploadId && !bucket.abort(uploadId))
        return sendError(response, 404, 'NoSuchUpload', 'The specified upload does not exist.')
      if (!uploadId) bucket.objects.delete(key)
      return response.writeHead(204).end()
    case 'HEAD object':
    case 'GET object':
      return sendObject(bucket, key, method, headers, response)
  }
  return sendError(
    response,
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
  )
}

function sendObject(
  bucket: Bucket,
  key: string,
  method: string,
  headers: IncomingMessage['headers'],
  response: ServerResponse,
): ServerResponse {
  const object = bucket.objects.get(key)
  if (!object) return sendError(response, 404, 'NoSuchKey', 'The specified key does not exist.')
  const wanted = headers['if-match']
  if (wanted && wanted !== `"${object.etag}"`)
    return sendError(response, 412, 'PreconditionFailed', 'At least one of the pre-conditions did not hold')
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(String(headers['range'] ?? '')) ?? []
  const part = from === undefined ? object.body : object.body.subarray(Number(from), Number(to) + 1)
  response.setHeader('etag', `"${object.etag}"`)
  response.writeHead(from === undefined ? 200 : 206, { 'content-length': part.length })
  return response.end(method === 'HEAD' ? undefined : part)
}

function sendEtag(response: ServerResponse, etag: string): ServerResponse {
  response.setHeader('etag', `"${etag}"`)
  return response.writeHead(200).end()
}

function sendXml(response: ServerResponse, xml: string): ServerResponse {
  response.setHeader('content-type', 'application/xml')
  return response.writeHead(200).end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`)
}

function sendOutcome(response: ServerResponse, outcome: { xml: string } | { code: string }): ServerResponse {
  if ('xml' in outcome) return sendXml(response, outcome.xml)
  return sendError(
    response,
    outcome.code === 'NoSuchUpload' ? 404 : 400,
    outcome.code,
    'The upload cannot be completed.',
  )
}

function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  more: Record<string, string> = {},
): ServerResponse {
  const rest = Object.entries(more).map(([name, value]) => `<${name}>${value}</${name}>`)
  response.setHeader('content-type', 'application/xml')
  response.writeHead(status)
  return response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${rest.join('')}<RequestId>${createHash('md5').update(message).digest('hex')}</RequestId></Error>`,
  )
}
