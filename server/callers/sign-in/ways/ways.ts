import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkTakesSignIns } from '../../../organisation/corps/suspension/check-open.ts'
import { outageOfAll } from '../../../organisation/sync/outage-of-all.ts'
import { outagesSince } from '../../../organisation/sync/outage-store.ts'
import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Words } from '../../../platform/words.ts'
import { readNetworks } from '../../developers/networks.ts'
import { forgetFailure } from '../sms-code/failures.ts'
import {
  lockCorp,
  readWays,
  type SignInWay,
  usualWays,
  type WaySettings,
  waysOfAll,
  writeWays,
} from './ways-store.ts'

type Needs = Core & { offered: Pick<FeatureOffers, 'smsCodes'> }

export const insideDaysAtMost = 30
const crowdName: Words = { zh: '很多人共用的网络', en: 'crowdNetworks' }

/** What the sign-in page offers for a corp: the ways in their order, and whether WeCom is known to be away. */
export type OfferedWays = { ways: SignInWay[]; isAway: boolean }

/** Returns the offered ways of all corps, by a fixed number of queries. */
export async function offeredWays(ctx: Core): Promise<(corpId: string) => OfferedWays> {
  const [set, outages, ofAll] = await Promise.all([
    waysOfAll(ctx.db),
    outagesSince(ctx.db, new Date(ctx.now())),
    outageOfAll(ctx.db),
  ])
  const away = new Set(outages.map(one => one.corpId))
  return corpId => inOrder(set.get(corpId) ?? usualWays, ofAll !== undefined || away.has(corpId))
}

/** While WeCom does not answer, the other ways come first, unless the corp wants their order kept. */
function inOrder(
  { ways, othersFirst }: Pick<WaySettings, 'ways' | 'othersFirst'>,
  isAway: boolean,
): OfferedWays {
  if (!isAway || !othersFirst) return { ways: [...ways], isAway }
  return { ways: [...ways.filter(one => one !== 'wecom'), 'wecom'], isAway }
}

/** Throws 1009 for a way that the corp has not switched on, and while the corp is suspended. */
export async function checkWay(
  ctx: Core & { corps: Corps },
  corpId: string,
  way: SignInWay,
): Promise<WaySettings> {
  checkTakesSignIns(ctx, corpId)
  const settings = await readWays(ctx.db, corpId)
  if (!settings.ways.includes(way))
    throw new ApiError('forbidden', {
      zh: '这个企业没有开启这种登录方式；请用登录页上的其他方式，或请管理员开启',
      en: 'this corp has not switched on this way of signing in: use another one of the sign-in page, or have an administrator switch it on',
    })
  return settings
}

/** `expected` is the version of the form that was filled; what is left out stays. Throws 1000. */
export async function saveWays(
  ctx: Needs,
  actor: string,
  corpId: string,
  given: Partial<WaySettings>,
  expected?: string,
): Promise<WaySettings> {
  return ctx.db.transaction().execute(async tx => {
    await lockCorp(tx, corpId)
    const before = await readWays(tx, corpId)
    checkVersion(before, expected)
    const { crowdNetworks: listed = before.crowdNetworks } = given
    const after = { ...before, ...given, crowdNetworks: readNetworks(listed, crowdName) }
    checkSettings(ctx, corpId, after)
    await writeWays(tx, corpId, after, new Date(ctx.now()))
    // What failed with another template, or before codes were switched off, says nothing about those to come.
    if (after.smsTemplate !== before.smsTemplate || !after.ways.includes('sms'))
      await forgetFailure(ctx, tx, corpId)
    const { ways, smsTemplate, othersFirst, insideDays, crowdNetworks } = after
    const changes = changesOf({ ...before }, { ways, smsTemplate, othersFirst, insideDays, crowdNetworks })
    await record(tx, ctx, { corpId, actor, act: 'sign-in.ways', target: corpId, detail: { changes } })
    return after
  })
}

function checkSettings({ offered }: Needs, corpId: string, settings: WaySettings): void {
  const { ways, smsTemplate, insideDays } = settings
  if (!ways.includes('wecom') || new Set(ways).size !== ways.length)
    throw new ApiError('badParameter', {
      zh: told`登录方式应包括企业微信（wecom），每种一次；收到 ${ways.join('、')}`,
      en: told`the ways must contain WeCom (wecom), and each once; got ${ways.join(', ')}`,
    })
  if (ways.includes('sms') && !offered.smsCodes.templates(corpId).some(one => one.id === smsTemplate))
    throw new ApiError('badParameter', {
      zh: '短信验证码需要一个只有验证码（或验证码与分钟数）参数的短信模板',
      en: 'codes by SMS need an SMS template whose only parameters are the code, or the code and the minutes',
    })
  if (!Number.isInteger(insideDays) || insideDays < 0 || insideDays > insideDaysAtMost)
    throw new ApiError('badParameter', {
      zh: told`企业微信内的登录可以保持 0 到 ${own(insideDaysAtMost)} 天，收到 ${insideDays}`,
      en: told`sessions within WeCom last 0 to ${own(insideDaysAtMost)} days, got ${insideDays}`,
    })
}
