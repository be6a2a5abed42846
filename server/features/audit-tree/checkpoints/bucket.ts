import { createHash } from 'node:crypto'
import { Agent } from 'undici'
import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused, OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import type { Words } from '../../../platform/words.ts'
import { createS3Client } from '../../../upstream/s3/s3-client.ts'
import { S3Error } from '../../../upstream/s3/s3-error.ts'
import type { StoredCheckpoint } from './checkpoint-store.ts'
import type { Bucket, Destination } from './destination-store.ts'

export const bucketPurpose = 'audit_destination.bucket_secret'

/**
 * Puts a checkpoint into a bucket as an object of its own, whose name has the hash of what is in it: nothing else can come to its place. One
 * that is there is left as it is. Returns why it was not taken; null when it is there.
 */
export async function putInBucket(
  ctx: Pick<Core, 'now' | 'log' | 'seal'> & { outbound: Outbound },
  { tree, bucket, bucketSecret }: Destination,
  { number, note }: StoredCheckpoint,
  { pausesMs }: { pausesMs?: readonly number[] } = {},
): Promise<Words | null> {
  if (!bucket || bucketSecret === null) return null
  const host = new URL(bucket.endpoint).hostname.replace(/^\[|\]$/g, '')
  const agent = new Agent({ connect: { timeout: 10_000, lookup: ctx.outbound.lookup }, connections: 1 })
  let isInner = true
  const keys = { accessKey: bucket.accessKey, secretKey: ctx.seal.open(bucketSecret, bucketPurpose) }
  const s3 = createS3Client(bucket, keys, {
    dispatcher: agent,
    now: ctx.now,
    ...(pausesMs ? { pausesMs } : {}),
    async allow() {
      isInner = (await ctx.outbound.place(host, { slot: 'servers', of: tree })).isInner
    },
  })
  try {
    const key = objectName(bucket, tree, number, note)
    const isThere = await s3.head(key).then(
      () => true,
      error => {
        if (error instanceof S3Error && error.code === 'NoSuchKey') return false
        throw error
      },
    )
    if (!isThere) await s3.put(key, Buffer.from(note))
    return null
  } catch (error) {
    if (error instanceof OutboundRefused) return error.words
    if (!(error instanceof S3Error)) throw error
    ctx.log.info(
      { tree, host, code: error.code, ...describeError(error) },
      'checkpoint not put into the bucket',
    )
    return isInner ? new OutboundUntold(host, error).words : error.words
  } finally {
    await agent.destroy()
  }
}

/** Names are in the order of the checkpoints. */
export function objectName({ prefix }: Bucket, tree: string, number: number, note: string): string {
  const hash = createHash('sha256').update(note).digest('hex').slice(0, 16)
  return `${prefix}${tree || 'installation'}/${String(number).padStart(8, '0')}-${hash}.txt`
}
