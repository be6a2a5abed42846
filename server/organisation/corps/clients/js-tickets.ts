import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type AttemptLimit, countAttempt } from '../../../platform/security/counters.ts'
import { sharedCredential } from '../../../upstream/transport/credentials.ts'
import type { StoredToken, TokenSource } from '../../../upstream/transport/token-source.ts'
import type { JsTicketKind } from '../../../upstream/wecom/js-ticket.ts'

/** The tickets by which pages are signed for WeCom's JS-SDK, shared by all nodes. `get` and `renew` throw 1010 too. */
export type JsTickets = Readonly<Record<JsTicketKind, TokenSource>>

/**
 * WeCom gives a ticket 100 times an hour to an agent, and that of the corp 400 times to all of them together
 * (docs/upstream/wecom-calls.md#limits-of-calls). One lives for two hours, so that only failures and refusals come near this
 * limit of 96 an hour.
 */
const fetches: AttemptLimit = { purpose: 'js-ticket', atMost: 8, windowMs: 300_000 }

/**
 * Returns what gets the tickets of WeCom's JS-SDK. `corp` and `agent` are the owners of the two tickets among the upstream
 * credentials: all WeCom apps share the corp's. Getting one throws ApiError 1010 if WeCom was asked too often, 1011 if it does not
 * answer.
 */
export function createJsTickets(
  ctx: Core,
  { corpId, ...owners }: { corpId: string } & Record<JsTicketKind, string>,
  ask: (kind: JsTicketKind) => Promise<StoredToken>,
): JsTickets {
  const ticketOf = (kind: JsTicketKind) => {
    const owner = owners[kind]
    return sharedCredential(ctx, { corpId, owner, name: 'jsapi_ticket' }, async () => {
      const { isOver, retryAfterSeconds } = await countAttempt(ctx, fetches, { corpId, of: owner })
      if (!isOver) return ask(kind)
      const words = {
        zh: '向企业微信获取 JS-SDK 票据的次数过多',
        en: 'WeCom was asked too often for a ticket of the JS-SDK',
      } as const
      throw new ApiError('tooManyRequests', words, { retryAfterSeconds })
    })
  }
  return { corp: ticketOf('corp'), agent: ticketOf('agent') }
}
