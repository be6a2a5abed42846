import type { Developers } from '../../callers/developers/developers.ts'
import { needsProof } from '../../callers/sign-in/proof.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import { type Release, releaseOf } from '../app-sign-in/claims/release.ts'
import { needsConsent } from '../app-sign-in/pages/consent-page.ts'
import type { RefusedEntry } from '../app-sign-in/pages/refused-page.ts'
import { type Entry, whoMay } from '../app-sign-in/who-may.ts'
import type { Apps } from '../apps/catalog.ts'
import { begunAt, isFirstUse } from './begun.ts'
import type { Service } from './services.ts'

type Needs = Core & {
  apps: Apps
  appSignIns: AppSignIns
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  roles: Roles
}

export type LoginRequest = {
  service: Service
  /** The application wants the person to prove themselves now, whatever their session says. */
  renew: boolean
  /** What `beginSignIn` said when this sign-in began. */
  begun: string | undefined
}

/** What comes next for a person whom an application sent here. */
export type Step =
  | { next: 'sign-in'; visitor: Visitor | undefined }
  | { next: 'refuse'; refused: Omit<RefusedEntry, 'way'> }
  | ({ next: 'consent'; visitor: Visitor } & Entry)
  | ({ next: 'enter'; visitor: Visitor; release: Release; isNew: boolean } & Entry)

export async function nextStep(
  ctx: Needs,
  corpId: string,
  visitor: Visitor | undefined,
  { service, renew, begun }: LoginRequest,
): Promise<Step> {
  if (!visitor) return { next: 'sign-in', visitor }
  const { member, proof } = visitor
  const { appId, leastAcr } = service.signIn
  const refuse = (refused: Omit<RefusedEntry, 'way' | 'corpId'>): Step => ({
    next: 'refuse',
    refused: { corpId, app: ctx.apps.find(appId), ...refused },
  })
  if (!member) return refuse({ fault: 'administrator' })
  if (visitor.corpId !== corpId) return refuse({ fault: 'other-corp' })
  if (visitor.mustEnrol) return { next: 'sign-in', visitor }
  const may = await whoMay(ctx, corpId, appId, member.id)
  if ('whyNot' in may) return refuse({ fault: may.whyNot, member })
  const at = begunAt(ctx, corpId, begun)
  const after = renew ? (at ?? ctx.now() + 1) : undefined
  const missing = needsProof(
    visitor,
    after === undefined ? { acr: leastAcr } : { acr: leastAcr, after },
    ctx.now(),
  )
  if (missing) return { next: 'sign-in', visitor }
  if (await needsConsent(ctx, may, member.id)) return { next: 'consent', visitor, ...may }
  const release = await releaseOf(ctx, may.app, may.signIn, may.member)
  if ('noName' in release) return refuse({ fault: release.noName, member })
  const isProved = at !== undefined && proof.acr >= 2 && proof.authAt >= at
  const isNew = isProved && (await isFirstUse(ctx, corpId, begun ?? ''))
  if (renew && !isNew) return { next: 'sign-in', visitor }
  return { next: 'enter', visitor, release, isNew, ...may }
}
