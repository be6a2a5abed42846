import { mayCome } from '../../callers/sign-in/ways/may-come.ts'
import { isExternal, isHere, type MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { App } from '../apps/app.ts'
import type { Apps } from '../apps/catalog.ts'
import { visibilityFor } from '../apps/visibility.ts'
import type { AppSignIn } from './app-sign-in.ts'
import type { AppSignIns } from './catalog.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; mirrors: Mirrors }

/** Why somebody may not enter an app. */
export type EntryRefusal = 'no-app' | 'app-off' | 'left' | 'inactive' | 'not-visible'

export type Entry = { app: App; signIn: AppSignIn; member: MemberCore }
type Admission = Omit<Entry, 'signIn'> | { whyNot: EntryRefusal; app: App | undefined }

/**
 * Whether a member may be signed in to an app: the one rule that is asked at every sign-in, redemption, refresh, userinfo,
 * introspection and validation. It reads what each node has in memory, so that somebody who leaves is refused at once.
 */
export async function whoMay(
  ctx: Needs,
  corpId: string,
  appId: string,
  memberId: number,
): Promise<Entry | { whyNot: EntryRefusal; app: App | undefined }> {
  const signIn = ctx.appSignIns.of(appId)
  if (!signIn || signIn.kind === 'none') return { whyNot: 'no-app', app: ctx.apps.find(appId) }
  const may = await mayOpen(ctx, corpId, appId, memberId)
  return 'whyNot' in may ? may : { ...may, signIn }
}

/** The same by LDAP, which knows members of WeCom only: people from outside are in none of its searches either. */
export async function mayUse(
  ctx: Omit<Needs, 'appSignIns'>,
  corpId: string,
  appId: string,
  memberId: number,
): Promise<Admission> {
  const may = await mayOpen(ctx, corpId, appId, memberId)
  return 'whyNot' in may || !isExternal(may.member) ? may : { whyNot: 'not-visible', app: may.app }
}

async function mayOpen(
  ctx: Omit<Needs, 'appSignIns'>,
  corpId: string,
  appId: string,
  memberId: number,
): Promise<Admission> {
  const app = ctx.apps.find(appId)
  if (app?.corpId !== corpId) return { whyNot: 'no-app', app }
  if (!app.enabled) return { whyNot: 'app-off', app }
  const mirror = await ctx.mirrors.load(corpId)
  const member = mirror.members.byId(memberId)
  if (!member || !isHere(member)) return { whyNot: 'left', app }
  if (!(await mayCome(ctx, corpId, member))) return { whyNot: 'inactive', app }
  if (!visibilityFor(mirror, member)(app.visibility)) return { whyNot: 'not-visible', app }
  return { app, member }
}
