import { createPrivateKey, type KeyObject } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { UpstreamPool } from '../transport/pool.ts'
import { createCaller, type PayCallReport } from './call.ts'
import { downloadCertificates } from './calls/certificates.ts'
import { createOrderCalls } from './calls/orders.ts'
import { createRefundCalls } from './calls/refunds.ts'
import { createStatementCalls } from './calls/statements.ts'
import { createPlatformKeys, type PlatformCertificate, type PlatformPublicKey } from './keys.ts'
import { bridgeParameters } from './signature.ts'

export type PayClientOptions = {
  /** For example `https://api.mch.weixin.qq.com`. */
  baseUrl: string
  backupUrl: string
  mchId: string
  /** Of the merchant's certificate, 40 hex digits. */
  serial: string
  /** PEM, or the key itself. */
  privateKey: string | KeyObject
  /** '' where none is set: then no certificates can be had. */
  apiV3Key: string
  publicKey?: PlatformPublicKey | undefined
  /** Those that were downloaded before. */
  certificates?: readonly PlatformCertificate[] | undefined
  /** Certificates were downloaded, and may be stored. */
  onCertificates?: ((certificates: PlatformCertificate[]) => Promise<void>) | undefined
  pool: UpstreamPool
  /** In ms since the epoch. */
  now: () => number
  /** Per attempt; default 10 s. */
  timeoutMs?: number | undefined
  /** Of a call with all its repetitions; default 30 s. */
  totalMs?: number | undefined
  /** Default 3. */
  retries?: number | undefined
  /** Of a day's bill, in bytes; default 256 MB. */
  statementAtMost?: number | undefined
  onCall?: ((call: PayCallReport) => void) | undefined
  sleep?: ((ms: number) => Promise<void>) | undefined
  /** Aborting it ends every call and wait; they reject with its reason. */
  signal?: AbortSignal | undefined
}

export type PayClient = ReturnType<typeof createPayClient>

/**
 * WeChat Pay v3 for one merchant (docs/upstream/wechat-pay-calls.md). All amounts are whole fen.
 * Every call throws PayError when WeChat Pay refuses and PayUnavailable when no usable answer comes.
 */
export function createPayClient(options: PayClientOptions) {
  const { mchId, serial, publicKey, now, signal, apiV3Key, retries = 3 } = options
  const privateKey =
    typeof options.privateKey === 'string' ? createPrivateKey(options.privateKey) : options.privateKey
  const { sleep = ms => delay(ms, undefined, signal ? { signal } : {}) } = options
  let clockSkewMs: number | undefined
  const download = async () => {
    const certificates = await downloadCertificates(call, keys, apiV3Key)
    keys.take(certificates)
    await options.onCertificates?.(certificates)
    return certificates
  }
  const keys = createPlatformKeys({
    publicKey,
    certificates: options.certificates,
    download: apiV3Key === '' ? undefined : download,
    now,
  })
  const call = createCaller({
    identity: { mchId, serial, privateKey },
    baseUrl: options.baseUrl,
    backupUrl: options.backupUrl,
    pool: options.pool,
    keys,
    publicKeyId: publicKey?.id ?? '',
    now,
    timeoutMs: options.timeoutMs ?? 10_000,
    totalMs: options.totalMs ?? 30_000,
    retries,
    onCall: options.onCall,
    sleep,
    onDate: date => {
      clockSkewMs = date - now()
    },
    signal,
  })
  return {
    mchId,
    /** How far WeChat Pay's clock was ahead at its last answer; whole seconds, without the way. */
    get clockSkewMs() {
      return clockSkewMs
    },
    /** For notifications. */
    keys,
    ...createOrderCalls(call, mchId),
    ...createRefundCalls(call, { retries, sleep }),
    ...createStatementCalls(call, options.statementAtMost),
    /** Asks for the platform certificates now, whatever is known. */
    certificates: download,
    bridgeParameters: (order: { appId: string; prepayId: string }) =>
      bridgeParameters(privateKey, order, now()),
  }
}
