import { randomBytes } from 'node:crypto'
import type { Agent, Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { signPage } from '../../../upstream/transport/page-signature.ts'
import type { TokenSource } from '../../../upstream/transport/token-source.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { pageOrigin } from '../app-urls.ts'
import { checkEnabled } from '../apps.ts'
import { type Apps, noApp } from '../catalog.ts'

/** `timestamp` is in seconds. */
export type PageSignature = { timestamp: number; nonceStr: string; signature: string }

/**
 * What a page gives to wx.config and wx.agentConfig. `rejected` is what WeCom refused of an earlier answer for the same page:
 * the ticket that made it is replaced by a new one, if it is still in use, because nothing else tells that a ticket is dead.
 * Throws 1000, 1010 and 1011.
 */
export async function signForPage(
  ctx: Core & { apps: Apps; corps: Corps },
  developer: Caller,
  page: { agentId: number; url: string; rejected: PageSignature | undefined },
): Promise<{ config: PageSignature; agentConfig: PageSignature }> {
  checkPage(ctx, developer, page)
  const { jsTickets } = agentOf(ctx, developer, page.agentId)
  const signBy = async (source: TokenSource): Promise<PageSignature> => {
    const ticket = await liveTicket(source, page)
    const timestamp = Math.floor(ctx.now() / 1000)
    const nonceStr = randomBytes(12).toString('hex')
    return { timestamp, nonceStr, signature: signPage(ticket, nonceStr, timestamp, page.url) }
  }
  const [config, agentConfig] = await fromUpstream(
    Promise.all([signBy(jsTickets.corp), signBy(jsTickets.agent)]),
  )
  return { config, agentConfig }
}

/** The page must be on an origin of an enabled app that this developer has for the agent. */
function checkPage(
  ctx: { apps: Apps },
  developer: Caller,
  { agentId, url }: { agentId: number; url: string },
): void {
  const origin = pageOrigin(url)
  const called = String(agentId)
  const own = ctx.apps
    .ofCorp(developer.corpId)
    .filter(app => app.devId === developer.devId && app.agentId === agentId)
  const [app = own[0]] = own.filter(one => one.enabled)
  if (!app) throw noApp(called)
  checkEnabled(app, called)
  if (!own.some(one => one.enabled && one.origins.includes(origin)))
    throw new ApiError('badParameter', {
      zh: told`${origin} 不是应用 ${called} 登记的来源，请在应用中心登记`,
      en: told`${origin} is not a registered origin of the app ${called}: register it in the app centre`,
    })
}

function agentOf(ctx: { corps: Corps }, developer: Caller, agentId: number): Agent {
  const agent = ctx.corps.get(developer.corpId).agents.find(one => one.agentId === agentId)
  if (!agent)
    throw new ApiError('badParameter', {
      zh: told`没有自建应用 ${agentId} 的 Secret，请管理员在“企业与体检 → 自建应用”添加`,
      en: told`wisp has no secret of the WeCom app ${agentId}: an administrator can add it under Corps and check-up → Applications`,
    })
  return agent
}

async function liveTicket(
  source: TokenSource,
  { url, rejected }: { url: string; rejected: PageSignature | undefined },
): Promise<string> {
  const ticket = await source.get()
  const isDead =
    rejected && signPage(ticket, rejected.nonceStr, rejected.timestamp, url) === rejected.signature
  return isDead ? source.renew(ticket) : ticket
}
