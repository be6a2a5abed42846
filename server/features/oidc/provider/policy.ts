import type { interactionPolicy, KoaContextWithOIDC } from 'oidc-provider'
import { needsProof } from '../../../callers/sign-in/proof.ts'
import { needsConsent } from '../../app-sign-in/pages/consent-page.ts'
import type { Needs } from '../needs.ts'
import { entered } from './account.ts'
import { acrNeeded } from './acr.ts'
import { askingOf } from './asking.ts'
import type { Library } from './library.ts'

/** When a person has to do something before an application gets its code: entry/interaction.ts asks them for it. */
export function createPolicy(ctx: Needs, corpId: string, library: Library): interactionPolicy.DefaultPolicy {
  const { base, Check, Prompt } = library.interactionPolicy
  const policy = base()
  const login = policy.get('login')
  const consent = policy.get('consent')
  if (!login || !consent) throw new Error('oidc-provider has another policy')
  for (const name of ['max_age', 'essential_acrs', 'essential_acr'])
    Reflect.apply(login.checks.remove, login.checks, [name])
  login.checks.add(
    new Check('max_age', 'the person has to sign in anew', 'login_required', koa => !isFresh(ctx, koa)),
  )
  login.checks.add(
    new Check(
      'acr',
      'the person has not proved themselves as surely as that',
      'unmet_authentication_requirements',
      koa => !isSure(ctx, corpId, koa),
    ),
  )
  const refused = new Check(
    'refused',
    'the person may not enter this application',
    'access_denied',
    koa => koa.oidc.account === undefined,
  )
  policy.add(new Prompt({ name: 'entry' }, refused), 1)
  for (const name of ['native_client_prompt', 'rar_prompt'])
    Reflect.apply(consent.checks.remove, consent.checks, [name])
  consent.checks.add(
    new Check('third_party', 'the person has not agreed', 'consent_required', async koa => {
      const found = entered(koa.oidc.account)
      return found !== undefined && (await needsConsent(ctx, found, found.member.id))
    }),
  )
  return policy
}

/** Of `max_age`. Nobody passes who was merely recognised, however lately. */
function isFresh(ctx: Needs, koa: KoaContextWithOIDC): boolean {
  const { params, result } = koa.oidc
  if (params?.['max_age'] === undefined || result?.login) return true
  const maxAgeMs = Number(params['max_age']) * 1000
  return needsProof(askingOf(koa).visitor, { acr: 1, maxAgeMs }, ctx.now()) === undefined
}

function isSure(ctx: Needs, corpId: string, koa: KoaContextWithOIDC): boolean {
  const { client, params } = koa.oidc
  const signIn = ctx.appSignIns.ofClient(corpId, client?.clientId ?? '')
  const acr = acrNeeded(signIn?.leastAcr ?? 1, params?.['acr_values'])
  return needsProof(askingOf(koa).visitor, { acr }, ctx.now()) === undefined
}
