import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import { createUpstreamPool, type UpstreamPool } from '../../../upstream/transport/pool.ts'
import { createTokenSource, memoryTokenStore } from '../../../upstream/transport/token-source.ts'
import { noteUpstreamCall } from '../../../upstream/upstream-call.ts'
import { createWecomClient, type WecomClient } from '../../../upstream/wecom/client.ts'
import { explainErrcode, WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import { isBusy, isLimit } from '../../../upstream/wecom/passing.ts'
import { fetchToken } from '../../../upstream/wecom/token.ts'
import type { WecomOptions } from '../clients/clients.ts'

/** WeCom's answer, or in words why there is none. */
export type Outcome<T> = { value: T } | Refusal

export type Refusal = {
  value?: undefined
  /** Undefined when no usable answer came. */
  errcode: number | undefined
  text: Words
  fix: Words | undefined
  /** The problem may pass by itself, so nothing can be concluded from it. */
  passing: boolean
  fromIp: string | undefined
}

/**
 * The doctor's own connection to WeCom: it uses no cached token, does not queue behind a running sync, and limits
 * every wait.
 */
export type Probe = {
  pool: UpstreamPool
  signal: AbortSignal
  timeoutMs: number
  /** A client for a secret; its first call requests a new token. */
  client(secret: string): WecomClient
  close(): Promise<void>
}

const callMs = 8000
const examinationMs = 30_000
const retries = 1

export function createProbe(ctx: Core & { wecomOptions: WecomOptions }, corpId: string): Probe {
  const { outboundProxy, wecomUrl: baseUrl } = ctx.config
  const pool = createUpstreamPool(outboundProxy ? { proxyUrl: outboundProxy } : {})
  const timeoutMs = Math.min(ctx.wecomOptions.timeoutMs ?? callMs, callMs)
  const signal = AbortSignal.any([ctx.stopping, AbortSignal.timeout(examinationMs)])
  const onCall = (call: { path: string; errcode: number | 'network'; ms: number }) =>
    noteUpstreamCall(ctx, 'wecom', call, corpId)
  return {
    pool,
    signal,
    timeoutMs,
    client(secret) {
      const shared = { pool, baseUrl, corpId, secret, timeoutMs, signal, onCall }
      const tokens = createTokenSource({
        store: memoryTokenStore(),
        fetchToken: () => fetchToken({ ...shared, now: ctx.now }),
        now: ctx.now,
      })
      return createWecomClient({ ...shared, tokens, retries, limitRetries: 0 })
    },
    close: () => pool.dispatcher.destroy(),
  }
}

export async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof WecomError) {
      const { text, fix } = explainErrcode(error.errcode)
      return {
        errcode: error.errcode,
        text: {
          zh: `企业微信返回 ${error.errcode}：${text.zh}`,
          en: `WeCom answered ${error.errcode}: ${text.en}`,
        },
        fix,
        passing: isBusy(error.errcode) || isLimit(error.errcode),
        fromIp: error.fromIp,
      }
    }
    if (error instanceof WecomUnavailable) return unanswered(unavailableText(error))
    if (error instanceof DOMException) return unanswered({ zh: '检查超时', en: 'The check took too long' })
    throw error
  }
}

function unanswered(text: Words): Refusal {
  return { errcode: undefined, text, fix: undefined, passing: true, fromIp: undefined }
}

/** Why no usable answer came. */
export function unavailableText(error: WecomUnavailable): Words {
  switch (error.reason) {
    case 'timeout':
      return { zh: '企业微信没有按时应答', en: 'WeCom did not answer in time' }
    case 'network': {
      const code = /\((.*)\)$/.exec(error.message)?.[1] ?? 'network'
      return { zh: `无法连接企业微信（${code}）`, en: `WeCom cannot be reached (${code})` }
    }
    case 'limit':
      return {
        zh: 'wisp 的出口地址对企业微信的调用已达上限，没有再调用',
        en: 'as many calls leave this address as WeCom allows: not asked',
      }
    case 'http': {
      const status = error.status ?? ''
      return { zh: `企业微信返回 HTTP ${status}`.trim(), en: `WeCom answered HTTP ${status}`.trim() }
    }
    case 'size':
      return { zh: '企业微信的应答过大', en: "WeCom's answer is too large" }
    case 'html':
      return {
        zh: '收到网页而不是 JSON，请求可能被代理或防火墙拦截',
        en: 'A web page came instead of JSON: a proxy or firewall may be in the way',
      }
    case 'json':
      return {
        zh: '企业微信的应答残缺或不是预期的格式',
        en: "WeCom's answer is incomplete or not of the expected form",
      }
  }
}
