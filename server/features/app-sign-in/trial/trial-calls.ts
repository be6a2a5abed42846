import { Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Apps } from '../../apps/catalog.ts'
import { claimNames } from '../app-sign-in.ts'
import type { AppSignIns } from '../catalog.ts'
import { heldBackNames } from '../claims/release.ts'
import { trialAddress, trialClientId } from './trial.ts'

/**
 * What the page of a trial needs to begin, before anybody is signed in on its host: addresses and a public client's id, which
 * every browser that signs in gets to see.
 */
export const beginTrial = pageCall({
  method: 'GET',
  path: '/web/sign-in/trial',
  access: { by: 'anyone' },
  input: { appId: text('应用 id', { max: 64 }) },
  output: Type.Object({
    kind: Type.Enum(['oidc', 'cas']),
    /** The issuer, or where CAS answers. */
    base: Type.String(),
    clientId: Type.String(),
    /** Where the sign-in comes back to. */
    address: Type.String(),
    scope: Type.String(),
    /** Claims that are approved and yet not given, because the app's developer may not read them. */
    heldBack: Type.Array(Type.Enum(claimNames)),
  }),
  handle(ctx: Core & { appSignIns: AppSignIns; apps: Apps; developers: Developers }, { input }) {
    const signIn = ctx.appSignIns.of(input.appId)
    const app = ctx.apps.find(input.appId)
    if (!app || !signIn || signIn.kind === 'none')
      throw new ApiError('badParameter', {
        zh: told`应用 ${input.appId} 不用 OpenID Connect 或 CAS 登录`,
        en: told`the app ${input.appId} does not use OpenID Connect or CAS`,
      })
    const { issuer, casBase } = ctx.appSignIns.addressesOf(signIn.corpId)
    const base = signIn.kind === 'oidc' ? issuer : casBase
    return {
      kind: signIn.kind,
      base,
      clientId: signIn.kind === 'oidc' ? trialClientId(signIn.appId) : '',
      address: trialAddress(base, signIn.appId),
      scope: ['openid', ...signIn.claims.map(one => one.name)].join(' '),
      heldBack: heldBackNames(ctx, app, signIn),
    }
  },
})
