import type { Logout } from '../app-sign-in/logouts/store.ts'
import type { Needs } from './needs.ts'
import { subOf } from './provider/asking.ts'
import type { Providers } from './provider/providers.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'

/** The form that tells an application of a sign-out; each attempt has a token of its own, good for two minutes. */
export async function logoutForm(
  ctx: Needs & { oidc: Providers },
  { corpId, appId, memberId, sid }: Logout,
): Promise<string | undefined> {
  const clientId = ctx.appSignIns.of(appId)?.oidc?.clientId
  if (clientId === undefined) return undefined
  const { provider } = await ctx.oidc.of(corpId)
  const client = await provider.Client.find(clientId)
  if (!client) return undefined
  const sub = subOf({ id: memberId })
  const token = new provider.IdToken({ sub }, { client })
  Object.assign(token, { mask: { sub: null } })
  token.set('events', { [event]: {} })
  token.set('jti', ctx.newId())
  token.set('sid', sid)
  return new URLSearchParams({ logout_token: await token.issue({ use: 'logout' }) }).toString()
}
