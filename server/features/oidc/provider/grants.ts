import type { Configuration } from 'oidc-provider'
import { needsConsent } from '../../app-sign-in/pages/consent-page.ts'
import type { Needs } from '../needs.ts'
import { entered } from './account.ts'

/** What an app may do for a person. There is nothing to ask them, unless the app is a third party's. */
export function grantLoader(ctx: Needs): NonNullable<Configuration['loadExistingGrant']> {
  return async ({ oidc }) => {
    const { account, client, session, provider } = oidc
    const found = entered(account)
    if (!account || !client || !session || !found) return undefined
    if (await needsConsent(ctx, found, found.member.id)) return undefined
    const { clientId } = client
    const { accountId } = account
    const grantId = session.grantIdFor(clientId)
    const stored = grantId === undefined ? undefined : await provider.Grant.find(grantId)
    const isOurs = stored?.accountId === accountId && stored.clientId === clientId
    const grant = stored && isOurs ? stored : new provider.Grant({ accountId, clientId })
    if (grant !== stored && grantId !== undefined) grant.jti = grantId
    const known = new Set(grant.getOIDCScope().split(' '))
    const missing = [...oidc.requestParamOIDCScopes].filter(scope => !known.has(scope))
    if (missing.length > 0 || grant !== stored) {
      grant.addOIDCScope(missing.join(' '))
      await grant.save()
    }
    return grant
  }
}
