import type { Core } from '../../../platform/core.ts'
import { sharedCredential } from '../../../upstream/transport/credentials.ts'
import type { Forward } from '../../../upstream/transport/forward.ts'
import type { UpstreamPool } from '../../../upstream/transport/pool.ts'
import { noteUpstreamCall } from '../../../upstream/upstream-call.ts'
import { createWecomClient, type WecomClient } from '../../../upstream/wecom/client.ts'
import { WecomError } from '../../../upstream/wecom/errors.ts'
import { createWecomForward } from '../../../upstream/wecom/forward.ts'
import { fetchJsTicket } from '../../../upstream/wecom/js-ticket.ts'
import { createWecomMessenger, type WecomMessenger } from '../../../upstream/wecom/messages.ts'
import { fetchToken } from '../../../upstream/wecom/token.ts'
import { createWecomWorkbench, type WecomWorkbench } from '../../../upstream/wecom/workbench.ts'
import { createJsTickets, type JsTickets } from './js-tickets.ts'

/** Retries, timeouts and concurrency of the WeCom client; only tests set them. */
export type WecomOptions = { retries?: number; timeoutMs?: number; concurrency?: number }

/** `credential` is `contact`, `agent:<id>`, or `corp` for what all agents of a corp share. */
export function credentialOwner(credential: string): string {
  return `wecom:${credential}`
}

/** What calls WeCom with one secret, and shares its access token. */
export type Clients = {
  client: WecomClient
  messenger: WecomMessenger
  jsTickets: JsTickets
  workbench: WecomWorkbench
  forward: Forward
}

export function newClients(
  ctx: Core & { wecomOptions: WecomOptions; upstreamPool: UpstreamPool },
  corpId: string,
  credential: string,
  secret: string,
): Clients {
  const onCall = (call: { path: string; errcode: number | 'network'; ms: number }) => {
    noteUpstreamCall(ctx, 'wecom', call, corpId)
    if (call.errcode === 0) tokens.works()
  }
  const baseUrl = ctx.config.wecomUrl
  const key = { corpId, owner: credentialOwner(credential), name: 'access_token' }
  const tokens = sharedCredential(
    ctx,
    key,
    () => fetchToken({ pool: ctx.upstreamPool, baseUrl, corpId, secret, now: ctx.now, onCall }),
    error => (error instanceof WecomError && error.kind === 'config' ? error.errcode : undefined),
  )
  const away = () => ctx.answering.silence('wecom') && (ctx.answering.silence('wecom')?.why || 'no answer')
  const options = {
    baseUrl,
    corpId,
    secret,
    tokens,
    pool: ctx.upstreamPool,
    onCall,
    away,
    ...ctx.wecomOptions,
  }
  const { stopping: signal } = ctx
  return {
    client: createWecomClient({ ...options, signal }),
    messenger: createWecomMessenger(options),
    forward: createWecomForward({ ...options, signal, counters: ctx }),
    workbench: createWecomWorkbench({ ...options, signal }),
    jsTickets: createJsTickets(
      ctx,
      { corpId, corp: credentialOwner('corp'), agent: credentialOwner(credential) },
      kind => fetchJsTicket({ ...options, signal }, kind, ctx.now),
    ),
  }
}
