import { findText } from '../transport/xml.ts'

type Words = { zh: string; en: string }

/** What was being done, as people call it. */
export type S3Operation = 'write' | 'read' | 'list' | 'delete' | 'listUploads'

const operations: Record<S3Operation, Words> = {
  write: { zh: '写入', en: 'write' },
  read: { zh: '读取', en: 'read' },
  list: { zh: '列出', en: 'list' },
  delete: { zh: '删除', en: 'delete' },
  listUploads: { zh: '列出未完成的上传', en: 'list unfinished uploads' },
}

/** An S3 address that refused, or did not answer. `code` is S3's own, or one of undici's and Node's. */
export class S3Error extends Error {
  readonly code: string
  readonly status: number
  readonly words: Words
  /** Whether the same call may succeed a moment later. */
  readonly isPassing: boolean
  constructor(
    code: string,
    status: number,
    words: Words,
    { isPassing, cause }: { isPassing: boolean; cause?: unknown },
  ) {
    super(words.zh, { cause })
    this.code = code
    this.status = status
    this.words = words
    this.isPassing = isPassing
  }
}

export type Refusal = {
  operation: S3Operation
  status: number
  body: string
  bucketRegion: string | undefined
  /** How much the clock of the server is before ours, in ms; undefined when it did not say. */
  clockMs: number | undefined
  region: string
  bucket: string
}

const passing = new Set([
  ...['InternalError', 'ServiceUnavailable', 'SlowDown', 'RequestTimeout', 'OperationAborted', 'Throttling'],
  ...[
    'BadDigest',
    'XAmzContentSHA256Mismatch',
    'IncompleteBody',
    'RequestLimitExceeded',
    'XMinioServerNotInitialized',
  ],
])

/** What an answer that is no success says, by S3's code or, where a body is missing (HEAD), by the status. */
export function refusalOf(refusal: Refusal): S3Error {
  const { status, body } = refusal
  const code = findText(body, 'Code') || codeOfStatus(status)
  const message = (findText(body, 'Message') ?? '').slice(0, 300)
  const isPassing = passing.has(code) || status >= 500 || status === 429
  return new S3Error(code, status, wordsOf(code, message, refusal), { isPassing })
}

function codeOfStatus(status: number): string {
  if (status === 301 || status === 307) return 'PermanentRedirect'
  return (
    { 403: 'AccessDenied', 404: 'NoSuchKey', 412: 'PreconditionFailed', 507: 'QuotaExceeded' }[status] ??
    `HTTP ${status}`
  )
}

function wordsOf(code: string, message: string, refusal: Refusal): Words {
  const { operation, bucket, body, bucketRegion, region } = refusal
  const doing = operations[operation]
  const simple = simpleWords[code]
  if (simple) return simple
  if (code === 'NoSuchBucket' || code === 'InvalidBucketName')
    return {
      zh: `没有存储桶 ${bucket}：请核对名称和地域；wisp 不会建立存储桶`,
      en: `there is no bucket ${bucket}: check its name and the region; wisp makes no buckets`,
    }
  if (denied.has(code))
    return {
      zh: `这个 Access Key 在存储桶 ${bucket} 中没有${doing.zh}的权限${message ? `（${message}）` : ''}`,
      en: `the access key may not ${doing.en} in bucket ${bucket}${message ? ` (${message})` : ''}`,
    }
  if (code === 'RequestTimeTooSkewed' || code === 'RequestExpired') return skewed(refusal.clockMs)
  if (elsewheres.has(code))
    return elsewhere(bucketRegion ?? findText(body, 'Region'), findText(body, 'Endpoint'), region)
  const said = `${code}${message ? `: ${message}` : ''}`
  return { zh: `S3 拒绝了${doing.zh}：${said}`, en: `S3 refused to ${doing.en}: ${said}` }
}

const denied = new Set(['AccessDenied', 'AllAccessDisabled', 'MethodNotAllowed'])

const elsewheres = new Set([
  ...['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed'],
  ...['IllegalLocationConstraintException', 'InvalidRegion'],
])

const unknownKey = {
  zh: 'S3 不认识这个 Access Key：请核对 Access Key，以及它是否已被停用',
  en: 'S3 does not know the access key: check it, and whether it was disabled',
}
const full = {
  zh: 'S3 的空间已满，或存储桶的配额已用完',
  en: 'S3 has no room left, or the quota of the bucket is used up',
}
const disabled = {
  zh: '服务商停用了这个账户的对象存储，例如因为欠费',
  en: 'the vendor has disabled object storage for this account, for example for an unpaid bill',
}

const simpleWords: Record<string, Words | undefined> = {
  InvalidAccessKeyId: unknownKey,
  InvalidAccessKey: unknownKey,
  SignatureDoesNotMatch: {
    zh: 'S3 不接受签名：Secret Key 不对，或地域与存储桶的不同',
    en: 'S3 refuses the signature: the secret key is wrong, or the region is not that of the bucket',
  },
  NoSuchKey: { zh: '那里没有这个文件', en: 'there is no such file' },
  NoSuchUpload: { zh: '这次上传已被中止', en: 'the upload was aborted by somebody' },
  PreconditionFailed: { zh: '读取期间文件被换掉了', en: 'the file was replaced while it was read' },
  SecondLevelDomainForbidden: {
    zh: '这个地址不接受路径方式：请改为“存储桶在域名里”',
    en: 'this address takes no path style: choose the bucket as part of the host',
  },
  QuotaExceeded: full,
  XMinioStorageFull: full,
  XMinioAdminBucketQuotaExceeded: full,
  UserDisable: disabled,
  AccountProblem: disabled,
  NotSignedUp: disabled,
  NotImplemented: {
    zh: '这个地址不支持备份所用的 S3 调用',
    en: 'this address does not support the S3 calls that backups use',
  },
}

function skewed(clockMs: number | undefined): Words {
  if (clockMs === undefined)
    return {
      zh: '这台机器的时钟与 S3 的相差太多：请校准时间（NTP）',
      en: 'the clock of this machine is too far from that of S3: set it right (NTP)',
    }
  const minutes = Math.round(Math.abs(clockMs) / 60_000)
  const [zh, en] = clockMs > 0 ? ['慢', 'behind'] : ['快', 'ahead of']
  return {
    zh: `这台机器的时钟比 S3 的${zh} ${minutes} 分钟：请校准时间（NTP）`,
    en: `the clock of this machine is ${minutes} minutes ${en} that of S3: set it right (NTP)`,
  }
}

function elsewhere(region: string | undefined, endpoint: string | undefined, asked: string): Words {
  if (region && region !== asked)
    return {
      zh: `存储桶在地域 ${region}，而不是 ${asked}：请改地域，以及该地域的地址`,
      en: `the bucket is in region ${region}, not in ${asked}: change the region, and the endpoint to that of the region`,
    }
  if (endpoint)
    return {
      zh: `存储桶在另一个地址 ${endpoint}：请改地址和地域`,
      en: `the bucket is at another endpoint, ${endpoint}: change endpoint and region`,
    }
  return {
    zh: '存储桶在另一个地域：请改地址和地域',
    en: 'the bucket is in another region: change endpoint and region',
  }
}

/** An address that gave no answer. */
export function silenceOf(host: string, error: unknown): S3Error {
  const { code, name, message } = error as NodeJS.ErrnoException
  const what = typeof code === 'string' ? code : name
  return new S3Error(what, 0, silentWords(host, what, message), { isPassing: true, cause: error })
}

function silentWords(host: string, code: string, message: string): Words {
  if (code === 'ENOTFOUND') return { zh: `找不到主机 ${host}`, en: `the host ${host} is not found` }
  if (code === 'ECONNREFUSED') return { zh: `${host} 拒绝了连接`, en: `${host} refused the connection` }
  if (/TIMEOUT|TimeoutError/.test(code))
    return { zh: `${host} 没有在时限内应答`, en: `${host} did not answer in time` }
  if (/CERT|SSL|TLS|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code))
    return {
      zh: `${host} 的证书不可信（${code}）`,
      en: `the certificate of ${host} is not trusted (${code})`,
    }
  if (/ECONNRESET|EPIPE|SOCKET/.test(code))
    return { zh: `${host} 中断了连接`, en: `${host} broke the connection` }
  return { zh: `连不上 ${host}：${message}`, en: `${host} cannot be reached: ${message}` }
}
