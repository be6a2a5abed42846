import { UsageError } from '../../../platform/command/command.ts'
import { choice, secret, text } from '../../../platform/command/parts.ts'
import type { Config } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { createOutbound } from '../../../platform/security/outbound.ts'
import { s3Problem } from '../../../upstream/s3/s3-address.ts'
import { createUpstreamPool } from '../../../upstream/transport/pool.ts'
import type { BackupPlace } from '../places/place.ts'
import { type S3Needs, type S3Settings, s3Place } from '../places/s3.ts'
import { fileSource, type Source } from '../source.ts'

export const addressings = ['virtual-host', 'path', 'own-domain'] as const

/** How to read `s3://bucket/key` where there is no plan, or it leads elsewhere. */
export const s3Parts = {
  endpoint: text('--endpoint <url>', {
    zh: 's3:// 的地址，例如 https://s3.oss-cn-hangzhou.aliyuncs.com',
    en: 'address for s3://, such as https://s3.oss-cn-hangzhou.aliyuncs.com',
  }),
  region: text('--region <code>', {
    zh: 's3:// 的地域，例如 cn-hangzhou',
    en: 'region for s3://, such as cn-hangzhou',
  }),
  addressing: choice(
    '--addressing <kind>',
    {
      zh: '存储桶在域名里、路径里，还是地址就是它的域名',
      en: 'whether the bucket is in the host name or in the path, or the address is its own domain',
    },
    addressings,
  ),
  accessKey: text('--access-key <id>', { zh: 's3:// 的 Access Key', en: 'access key for s3://' }),
  secretKey: secret('--secret-key <key>', { zh: 's3:// 的 Secret Key', en: 'secret key for s3://' }),
}

export type GivenS3 = {
  endpoint: string | undefined
  region: string | undefined
  addressing: (typeof addressings)[number] | undefined
  accessKey: string | undefined
  secretKey: string | undefined
}

export const isAddress = (what: string) => what.startsWith('s3://')

/** The bucket, the prefix and the name of an `s3://` address. Throws UsageError. */
export function partsOf(address: string): { bucket: string; prefix: string; name: string } {
  const [, bucket, prefix, name] = /^s3:\/\/([^/]+)\/((?:[^/]+\/)*)([^/]+)$/.exec(address) ?? []
  if (!bucket || prefix === undefined || !name)
    throw new UsageError({
      zh: `s3:// 的地址应为 s3://存储桶/路径/文件，收到 ${address}`,
      en: `an address of s3:// is s3://bucket/path/file, not ${address}`,
    })
  return { bucket, prefix, name }
}

/** What was typed, before what the plan says of the same bucket. Throws UsageError. */
export function settingsOf(address: string, given: GivenS3, known?: S3Settings): S3Settings {
  const { bucket, prefix } = partsOf(address)
  const own = known?.bucket === bucket ? known : undefined
  const settings = {
    bucket,
    prefix,
    endpoint: given.endpoint ?? own?.endpoint ?? '',
    region: given.region ?? own?.region ?? '',
    addressing: given.addressing ?? own?.addressing ?? ('virtual-host' as const),
    accessKey: given.accessKey ?? own?.accessKey ?? '',
    secretKey: given.secretKey ?? own?.secretKey ?? '',
    throughProxy: own?.throughProxy ?? false,
  }
  for (const [name, flag] of missing)
    if (!settings[name])
      throw new UsageError({ zh: `读 ${address} 需要 ${flag}`, en: `reading ${address} takes ${flag}` })
  const problem = s3Problem(settings)
  if (problem)
    throw new UsageError({ zh: `${problem.field} ${problem.zh}`, en: `${problem.field} ${problem.en}` })
  return settings
}

const missing = [
  ['endpoint', '--endpoint'],
  ['region', '--region'],
  ['accessKey', '--access-key'],
  ['secretKey', '--secret-key'],
] as const

/** A file of this machine, or at an S3 address, for a command. Close it. */
export function sourceAt(
  ctx: S3Needs,
  what: string,
  settings: () => S3Settings,
  signal: AbortSignal,
): { source: Source; close(): Promise<void> } {
  if (!isAddress(what)) return { source: fileSource(what), close: async () => undefined }
  const place: BackupPlace = s3Place(ctx, settings(), { isOperator: true })
  return { source: place.source(partsOf(what).name, signal), close: () => place.close() }
}

/** What reading an address takes before there is a database. Close it. */
export function withoutDatabase(config: Config): S3Needs & { close(): Promise<void> } {
  const outbound = createOutbound(config)
  const upstreamPool = createUpstreamPool(config.outboundProxy ? { proxyUrl: config.outboundProxy } : {})
  return {
    log: createLog('silent'),
    now: Date.now,
    outbound,
    upstreamPool,
    async close() {
      await Promise.all([outbound.close(), upstreamPool.close()])
    },
  }
}
