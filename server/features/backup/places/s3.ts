import { Agent } from 'undici'
import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused, OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import type { S3Address, S3Keys } from '../../../upstream/s3/s3-address.ts'
import { createS3Client, type S3Client } from '../../../upstream/s3/s3-client.ts'
import { S3Error } from '../../../upstream/s3/s3-error.ts'
import { downloadStream, s3AtMost, uploadStream } from '../../../upstream/s3/s3-upload.ts'
import type { UpstreamPool } from '../../../upstream/transport/pool.ts'
import { BackupError } from '../backup-error.ts'
import { type BackupPlace, differs, isBackupName, startBytes, trialContent } from './place.ts'

export type S3Needs = Pick<Core, 'log' | 'now'> & { outbound: Outbound; upstreamPool?: UpstreamPool }

export type S3Settings = S3Address & S3Keys & { prefix: string; throughProxy: boolean }

export type S3PlaceOptions = {
  /** Whoever types the command has the machine, and may know what answers in its network. */
  isOperator?: boolean
  pausesMs?: readonly number[]
  shortMs?: number
  longMs?: number
}

/** Below a prefix of a bucket. */
export function s3Place(ctx: S3Needs, settings: S3Settings, options: S3PlaceOptions = {}): BackupPlace {
  const { prefix, bucket } = settings
  const host = new URL(settings.endpoint).hostname.replace(/^\[|\]$/g, '')
  const way = wayTo(ctx, settings, host)
  const s3 = createS3Client(settings, settings, { ...options, now: ctx.now, ...way })
  const key = (name: string) => `${prefix}${name}`
  const here = <T>(work: () => Promise<T>) =>
    work().catch(error => {
      throw told(ctx, host, !options.isOperator && way.isInner(), error)
    })
  const tooLarge = () =>
    new BackupError(
      `备份大于 ${s3AtMost >> 30} GB，S3 的分段上传放不下`,
      `the backup is larger than ${s3AtMost >> 30} GB, which parts of S3 cannot take`,
    )
  return {
    kind: 's3',
    address: `s3://${bucket}/${prefix} @ ${new URL(settings.endpoint).host}`,
    put: (name, bytes, signal) => here(() => uploadStream(s3, key(name), bytes, { signal, tooLarge })),
    list: signal =>
      here(async () =>
        (await s3.list(`${prefix}wisp-`, one => isBackupName(one.slice(prefix.length)), signal)).map(one => ({
          name: one.key.slice(prefix.length),
          size: one.size,
          at: one.at,
        })),
      ),
    start: name => here(() => startOf(s3, key(name))),
    source(name, signal) {
      const file = `s3://${bucket}/${key(name)}`
      const open = () => toldStream(downloadStream(s3, key(name), signal), work => here(work).catch(of(file)))
      return { name: file, open }
    },
    remove: name => here(() => s3.remove(key(name))),
    tidy: names => here(() => abortUploads(s3, prefix, names)),
    tryOut: () => here(() => tryBucket(s3, key(`wisp-trial-${process.pid}-${Date.now()}`), bucket)),
    close: way.close,
  }
}

/** Says of which file it is told. */
function of(file: string): (error: unknown) => never {
  return error => {
    if (!(error instanceof BackupError)) throw error
    const { words, isUntold } = error
    throw new BackupError(`${file}：${words.zh}`, `${file}: ${words.en}`, { isUntold })
  }
}

async function startOf(s3: S3Client, key: string): Promise<Buffer | undefined> {
  try {
    const { size } = await s3.head(key)
    if (size === 0) return Buffer.alloc(0)
    return await s3.read(key, { from: 0, to: Math.min(size, startBytes) })
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined
    throw error
  }
}

/** Somebody else's uploads below the same prefix are left alone. */
async function abortUploads(s3: S3Client, prefix: string, names: ReadonlySet<string>): Promise<void> {
  const isOurs = (key: string) => names.has(key.slice(prefix.length))
  for (const { key, uploadId } of await s3.listUploads(`${prefix}wisp-`, isOurs))
    await s3.abortUpload(key, uploadId)
}

/** Everything that a backup and its rotation will do, so that a right that is missing shows now. */
async function tryBucket(s3: S3Client, key: string, bucket: string): Promise<void> {
  const uploadId = await s3.beginUpload(key)
  await s3.abortUpload(key, uploadId)
  await s3.put(key, trialContent)
  try {
    if (!(await s3.read(key, { from: 0, to: trialContent.length })).equals(trialContent))
      throw differs(bucket)
    const isIt = (one: string) => one === key
    await s3.list(key, isIt)
    await s3.listUploads(key, isIt)
  } finally {
    await s3.remove(key)
  }
}

async function* toldStream(
  stream: AsyncIterable<Buffer>,
  here: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<Buffer> {
  const iterator = stream[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await here(() => iterator.next())
    if (done) return
    yield value
  }
}

/** Straight to the address that the policy allowed or, where the plan says so, through the proxy that knows the way. */
function wayTo(ctx: S3Needs, { throughProxy }: S3Settings, host: string) {
  if (throughProxy) {
    if (!ctx.upstreamPool) throw new Error('a proxy is used by nodes only')
    const { dispatcher } = ctx.upstreamPool
    const allow = async () => ctx.outbound.checkEntered(host)
    return { dispatcher, allow, isInner: () => false, close: async () => undefined }
  }
  const agent = new Agent({ connect: { timeout: 10_000, lookup: ctx.outbound.lookup }, connections: 4 })
  // Until it was looked up, nothing is known of it.
  let isInner = true
  return {
    dispatcher: agent,
    async allow() {
      const place = await ctx.outbound.place(host, { slot: 'servers', of: 'backup' })
      isInner = place.isInner
    },
    isInner: () => isInner,
    close: () => agent.destroy(),
  }
}

/** In our own network only the log tells what became of a call, unless the installation's owner named the host. */
function told(ctx: S3Needs, host: string, isUntold: boolean, error: unknown): unknown {
  if (error instanceof OutboundUntold && !isUntold && error.cause instanceof Error)
    return new BackupError(
      `${error.message}（${error.cause.message}）`,
      `${error.words.en} (${error.cause.message})`,
    )
  if (error instanceof OutboundRefused) {
    const { zh, en } = error.words
    return new BackupError(zh, en, { isUntold: error instanceof OutboundUntold })
  }
  if (!(error instanceof S3Error)) return error
  ctx.log.info({ host, code: error.code, ...describeError(error) }, 'S3 refused or was silent')
  const { zh, en } = isUntold ? new OutboundUntold(host, error).words : error.words
  return new BackupError(zh, en, { isUntold })
}
