import { hostname } from 'node:os'
import { request } from 'undici'
import type { Core } from '../../core.ts'
import { describeError } from '../../operation/log.ts'
import { WecomUnavailable } from '../../upstream/wecom/errors.ts'
import type { WecomPool } from '../../upstream/wecom/pool.ts'
import type { Corps } from '../corps.ts'
import { putNodeAddress } from '../store.ts'

const path = '/cgi-bin/gettoken'
/**
 * Credentials of nobody: WeCom refuses them as an unknown corp (40013), which counts as an error of no real one, while a call
 * without parameters looks like a scan.
 */
const nobody = new URLSearchParams({ corpid: 'ww0000000000000000', corpsecret: '0'.repeat(43) })
const dayMs = 86_400_000
const firstLookMs = 10_000
const againMs = dayMs / 2
const answerAtMost = 64 * 1024

/**
 * What a call with the credentials of nobody reveals: WeCom refuses it, but names the caller's address, and the header
 * has WeCom's time.
 */
export type Greeting = {
  errcode: number
  fromIp: string | undefined
  /** WeCom's clock minus ours, in ms; undefined without a Date header. */
  clockOffsetMs: number | undefined
}

/** Throws WecomUnavailable. */
export async function greet(
  ctx: Core,
  options: { pool: WecomPool; timeoutMs: number; signal: AbortSignal },
): Promise<Greeting> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)])
  const sentAt = ctx.now()
  try {
    const url = `${ctx.config.wecomUrl}${path}?${nobody}`
    const answer = await request(url, { dispatcher: options.pool.dispatcher, signal })
    const text = await readText(answer.body)
    const receivedAt = ctx.now()
    if (answer.statusCode !== 200) {
      throw new WecomUnavailable(path, 'http', `HTTP ${answer.statusCode}`, {
        status: answer.statusCode,
        ambiguous: false,
      })
    }
    const date = Date.parse(String(answer.headers['date']))
    // The header is in whole seconds, so half a second is added as the best estimate.
    const clockOffsetMs = Number.isNaN(date) ? undefined : date + 500 - (sentAt + receivedAt) / 2
    return { ...readRefusal(text), clockOffsetMs }
  } catch (error) {
    if (error instanceof WecomUnavailable) throw error
    if (signal.aborted) throw new WecomUnavailable(path, 'timeout', 'no answer', { ambiguous: false })
    throw new WecomUnavailable(path, 'network', `network failure (${codeOf(error)})`, { ambiguous: false })
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > answerAtMost) break
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
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

function codeOf(error: unknown): string {
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] }
  if (typeof code === 'string') return code
  const inner = errors?.[0] ?? cause
  return inner === undefined ? (error as Error).name : codeOf(inner)
}

export async function noteAddress(ctx: Core, address: string): Promise<void> {
  await putNodeAddress(ctx.db, `${hostname()}:${ctx.config.port}`, address, new Date(ctx.now()))
}

/** Every node records the address that WeCom sees it at, so that the doctor on any node can list them all. */
export function noteAddressRegularly(ctx: Core & { corps: Corps; wecomPool: WecomPool }): void {
  let timer: NodeJS.Timeout | undefined
  const plan = (ms: number) => {
    if (!ctx.stopping.aborted) timer = setTimeout(look, ms).unref()
  }
  async function look() {
    try {
      if (ctx.corps.all().length > 0) {
        const { wecomPool: pool, stopping: signal } = ctx
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
