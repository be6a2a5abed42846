import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { UpstreamPool } from '../../../upstream/transport/pool.ts'
import { noteUpstreamCall } from '../../../upstream/upstream-call.ts'
import { createPayClient, type PayClient } from '../../../upstream/wechat-pay/client.ts'
import { type OpenedNotification, openNotification } from '../../../upstream/wechat-pay/notification.ts'
import type { Headers } from '../../../upstream/wechat-pay/signature.ts'
import { purposes } from '../sealed.ts'
import { certificateEnd } from './settings.ts'
import * as store from './store.ts'

/** A merchant of WeChat Pay that is connected to a corp. */
export type Merchant = {
  readonly corpId: string
  /** WeChat Pay's number (mchid). */
  readonly mchId: string
  readonly name: string
  /** Those that are bound to it at WeChat Pay: service accounts, the corpId, mini-programs. */
  readonly appIds: readonly string[]
  /** The path of the mini-program's own payment page; '' for none. */
  readonly miniProgram: string
  /** A disabled merchant takes no new orders; those that it has are still asked for, refunded and notified. */
  readonly enabled: boolean
  /** Collects the bills that name no merchant. */
  readonly isDefault: boolean
  /** Without it no notification can be opened, and WeChat Pay sends none. */
  readonly hasApiV3Key: boolean
  /** PUB_KEY_ID_…; '' in pure certificate mode. */
  readonly publicKeyId: string
  readonly createdAt: Date
  /** Of its own API certificate; undefined when only serial and private key are known. */
  readonly certificateEndsAt: Date | undefined
  readonly client: PayClient
  /** Proves and opens what was posted to this merchant's notify_url. Header names in lower case. */
  openNotification(headers: Headers, rawBody: Buffer): Promise<OpenedNotification>
}

/** Wait when a merchant was just connected on another node and this node has not read it yet. */
export const notReadYetMs = 1000

/** Retries and time-outs of the clients; only tests set them. */
export type PayOptions = { retries?: number; timeoutMs?: number }

/** The connected merchants. They are few, so every node holds them in memory and rereads them with the configuration. */
export type Merchants = {
  reload(corpId?: string): Promise<void>
  all(): Merchant[]
  /** In the order in which they were added. */
  ofCorp(corpId: string): Merchant[]
  find(corpId: string, mchId: string): Merchant | undefined
  /** A merchant is connected once per installation, so that its notifications have one address. */
  byNumber(mchId: string): Merchant | undefined
  /** Throws 1000 for a merchant that the corp does not have. */
  get(corpId: string, mchId: string): Merchant
  defaultOf(corpId: string): Merchant | undefined
}

type Needs = Core & { upstreamPool: UpstreamPool; payOptions: PayOptions }
type Upstream = Pick<Merchant, 'client' | 'openNotification'>

export function createMerchants(ctx: Needs): Merchants {
  let merchants = new Map<string, Merchant>()
  const clients = new Map<string, Upstream>()

  function upstreamOf(row: store.MerchantRow): Upstream {
    const { corp_id, mch_id, serial_no, private_key, api_v3_key, public_key_id, public_key } = row
    const key = [corp_id, mch_id, serial_no, private_key, api_v3_key, public_key_id, public_key].join(' ')
    return clients.getOrInsertComputed(key, () => newUpstream(ctx, row))
  }

  const find = (corpId: string, mchId: string) => {
    const merchant = merchants.get(mchId)
    return merchant?.corpId === corpId ? merchant : undefined
  }
  const ofCorp = (corpId: string) => [...merchants.values()].filter(one => one.corpId === corpId)

  return {
    async reload(corpId) {
      const [rows, certificates] = await Promise.all([
        store.allMerchants(ctx.db, corpId),
        store.allCertificates(ctx.db, corpId),
      ])
      const known = Map.groupBy(certificates, one => one.mchId)
      const read = rows.map(row => {
        const upstream = upstreamOf(row)
        upstream.client.keys.take(known.get(row.mch_id) ?? [])
        return merchantOf(row, upstream)
      })
      const others = [...merchants.values()].filter(one => corpId !== undefined && one.corpId !== corpId)
      merchants = new Map([...others, ...read].map(one => [one.mchId, one]))
    },
    all: () => [...merchants.values()],
    ofCorp,
    find,
    byNumber: mchId => merchants.get(mchId),
    get(corpId, mchId) {
      const merchant = find(corpId, mchId)
      if (!merchant) throw unknownMerchant(mchId)
      return merchant
    },
    defaultOf: corpId => ofCorp(corpId).find(one => one.isDefault),
  }
}

export function unknownMerchant(mchId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有商户号 ${mchId}`,
    en: told`there is no merchant ${mchId}`,
  })
}

function newUpstream(ctx: Needs, row: store.MerchantRow): Upstream {
  const { corp_id: corpId, mch_id: mchId, public_key_id: id, public_key: pem } = row
  const { config, seal, now } = ctx
  const apiV3Key = row.api_v3_key && seal.open(row.api_v3_key, purposes.apiV3Key)
  const client = createPayClient({
    baseUrl: config.payUrl,
    backupUrl: config.payBackupUrl,
    mchId,
    serial: row.serial_no,
    privateKey: seal.open(row.private_key, purposes.privateKey),
    apiV3Key,
    publicKey: id ? { id, pem } : undefined,
    onCertificates: list => store.keepCertificates(ctx.db, { corpId, mchId }, list, new Date(now())),
    pool: ctx.upstreamPool,
    now,
    onCall: call => noteUpstreamCall(ctx, 'wechat-pay', call, mchId),
    signal: ctx.stopping,
    ...ctx.payOptions,
  })
  return {
    client,
    openNotification: (headers, rawBody) =>
      openNotification({ headers, rawBody, keys: client.keys, apiV3Key, now: now() }),
  }
}

function merchantOf(row: store.MerchantRow, upstream: Upstream): Merchant {
  return {
    corpId: row.corp_id,
    mchId: row.mch_id,
    name: row.name,
    appIds: row.app_ids,
    miniProgram: row.mini_program,
    enabled: row.enabled,
    isDefault: row.is_default,
    hasApiV3Key: row.api_v3_key !== '',
    publicKeyId: row.public_key_id,
    createdAt: row.created_at,
    certificateEndsAt: certificateEnd({ certificate: row.certificate, serial: row.serial_no }),
    ...upstream,
  }
}
