import { hostname } from 'node:os'
import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { UpstreamPool } from '../../../upstream/transport/pool.ts'
import { request } from '../../../upstream/transport/request.ts'
import { WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import type { Corps } from '../corps.ts'
import { putNodeAddress } from '../store.ts'

const path = '/cgi-bin/gettoken'
/**
 * Credentials of no corp: WeCom refuses them as an unknown corp (40013), which counts against no real one, whereas a call
 * without parameters would look like a scan.
 */
const nobody = new URLSearchParams({ corpid: 'ww0000000000000000', corpsecret: '0'.repeat(43) })
const dayMs = 86_400_000
const firstLookMs = 10_000
const againMs = dayMs / 2
const answerAtMost = 64 * 1024

/** What a call with these credentials reveals: WeCom refuses it, but names the caller's address, and the header has WeCom's time. */
export type Greeting = {
  errcode: number
  fromIp: string | undefined
  /** WeCom's clock minus ours, in ms; undefined without a Date header. */
  clockOffsetMs: number | undefined
}

/** Throws WecomUnavailable. */
export async function greet(
  ctx: Core,
  options: { pool: UpstreamPool; timeoutMs: number; signal: AbortSignal },
): Promise<Greeting> {
  const sentAt = ctx.now()
  const { origin, pathname } = new URL(ctx.config.wecomUrl)
  const { status, headers, body } = await request({
    pool: options.pool,
    origin,
    target: `${pathname.replace(/\/$/, '')}${path}?${nobody}`,
    method: 'GET',
    path,
    failure: WecomUnavailable,
    answerAtMost,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  const receivedAt = ctx.now()
  if (status !== 200) throw new WecomUnavailable(path, 'http', `HTTP ${status}`, { status, ambiguous: false })
  const date = Date.parse(String(headers['date']))
  // The header is in whole seconds, so half a second is added as the best estimate.
  const clockOffsetMs = Number.isNaN(date) ? undefined : date + 500 - (sentAt + receivedAt) / 2
  return { ...readRefusal(body.toString()), clockOffsetMs }
}

function readRefusal(text: string): Pick<Greeting, 'errcode' | 'fromIp'> {
  try {
    const { errcode, errmsg } = JSON.parse(text) as Record<string, unknown>
    if (typeof errcode === 'number') {
      return { errcode, fromIp: /\bfrom ip:\s*([0-9a-fA-F.:]+)/.exec(String(errmsg))?.[1] }
    }
  } catch {
    // What is not JSON is reported below.
  }
  throw new WecomUnavailable(path, /^\s*</.test(text) ? 'html' : 'json', 'no JSON with errcode', {
    ambiguous: false,
  })
}

export async function noteAddress(ctx: Core, address: string): Promise<void> {
  await putNodeAddress(ctx.db, `${hostname()}:${ctx.config.port}`, address, new Date(ctx.now()))
}

/** Every node records the address that WeCom sees it at, so that the doctor on any node can list them all. */
export function noteAddressRegularly(ctx: Core & { corps: Corps; upstreamPool: UpstreamPool }): void {
  let timer: NodeJS.Timeout | undefined
  const plan = (ms: number) => {
    if (!ctx.stopping.aborted) timer = setTimeout(look, ms).unref()
  }
  async function look() {
    try {
      if (ctx.corps.all().length > 0) {
        const { upstreamPool: pool, stopping: signal } = ctx
        const { fromIp } = await greet(ctx, { pool, timeoutMs: firstLookMs, signal })
        if (fromIp && !signal.aborted) await noteAddress(ctx, fromIp)
      }
    } catch (error) {
      if (!ctx.stopping.aborted) ctx.log.debug(describeError(error), 'own address not found out')
    }
    plan(againMs)
  }
  ctx.stopping.addEventListener('abort', () => clearTimeout(timer), { once: true })
  plan(firstLookMs)
}
