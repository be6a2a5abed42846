import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { calendarDay, calendarDayIn } from '../../platform/moments.ts'
import { usualZone } from '../../platform/time-zone.ts'
import { ownerless } from './owners/owner-store.ts'
import { waitingRequests } from './owners/request-store.ts'
import { lastDayOf } from './scopes/scope-ends.ts'
import { scopesThatEnd } from './store.ts'

type Needs = Core & { corps: Corps }

const pathOf = (devId: string, part: string) => `/console/apps/developers/${devId}/${part}`

/** An owner asks for scopes, each request by itself, so that administrators hear of each. */
export const scopeRequested: Cause<
  Needs,
  { devId: string; name: string; by: string; scopes: string[]; upstreamPaths: string[] }
> = {
  async find(ctx) {
    const waiting = await waitingRequests(ctx.db)
    return {
      found: waiting.map(({ corpId, id, askedAt: _, ...detail }) => ({
        corpId,
        subject: String(id),
        detail,
      })),
    }
  },
  severityOf: () => 'warn',
  tell: ({ devId, name, by, scopes, upstreamPaths = [] }) => ({
    title: { zh: `「${name}」申请权限`, en: `${name} asks for scopes` },
    what: {
      zh: `${by} 为开发者「${name}」申请 ${[...scopes, ...upstreamPaths].join('、')}。`,
      en: `${by} asks for ${[...scopes, ...upstreamPaths].join(', ')} for the developer ${name}.`,
    },
    fix: {
      zh: '请在开发者的「负责人」中查看理由，授予（可定到期日）或拒绝；申请人会收到结果。',
      en: 'See the reason under Owners of the developer, and grant it (with an end date if you like) or refuse it; the person who asked is told.',
    },
    path: pathOf(devId, 'owners'),
  }),
}

/** A developer has no owner left who may act, while its secrets go on working. */
export const developerOwnerless: Cause<Needs, { devId: string; name: string }> = {
  async find(ctx) {
    const found = await ownerless(ctx.db)
    return { found: found.map(({ corpId, ...detail }) => ({ corpId, subject: detail.devId, detail })) }
  },
  severityOf: () => 'warn',
  tell: ({ devId, name }) => ({
    title: { zh: `开发者「${name}」没有负责人了`, en: `The developer ${name} has no owner left` },
    what: {
      zh: `「${name}」的负责人都已离职或停用，而它的密钥仍然有效。`,
      en: `All owners of ${name} have left or were disabled, while its secrets go on working.`,
    },
    fix: {
      zh: '请指定新的负责人，并更换离职人员创建的密钥；不再使用的请停用。',
      en: 'Name a new owner, and replace the secrets that those who left have made; disable the developer if nobody uses it.',
    },
    path: pathOf(devId, 'owners'),
  }),
}

const warnedBeforeMs = 7 * 86_400_000
/** Only the year of today counts. */
const kept = () => ({ isKept: true, today: calendarDay(Date.now(), usualZone) })

/** From a week before scopes end until they have ended. */
export const scopeEnds: Cause<Needs, { devId: string; name: string; scopes: string[]; lastDay: string }> = {
  async find(ctx) {
    const now = ctx.now()
    const ending = await scopesThatEnd(ctx.db, new Date(now), new Date(now + warnedBeforeMs))
    return {
      found: ending.map(({ corpId, devId, name, scopes, endsAt }) => ({
        corpId,
        subject: `${devId} ${endsAt.toISOString()}`,
        detail: { devId, name, scopes, lastDay: lastDayOf(endsAt, zoneOf(ctx, corpId)) },
      })),
    }
  },
  severityOf: () => 'warn',
  tell: ({ devId, name, scopes, lastDay }) => ({
    title: { zh: `「${name}」的权限即将到期`, en: `Scopes of ${name} end soon` },
    what: {
      zh: `开发者「${name}」的 ${scopes.join('、')} 有效至 ${calendarDayIn('zh', lastDay, kept())}，之后相应的调用会返回 1009。`,
      en: `${scopes.join(', ')} of the developer ${name} last until ${calendarDayIn('en', lastDay, kept())}; calls that need them are refused with 1009 after that.`,
    },
    fix: {
      zh: '仍然需要的，请在开发者的「设置」中改到期日；不再需要的不用处理。',
      en: 'Set another end date in the settings of the developer if it still needs them; else there is nothing to do.',
    },
    path: pathOf(devId, 'settings'),
  }),
}
