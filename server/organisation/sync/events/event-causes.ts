import type { Core } from '../../../platform/core.ts'
import { counted, formatCount, formatDuration } from '../../../platform/format.ts'
import { inboxStates } from '../../../platform/inbox/event-store.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import type { Words } from '../../../platform/words.ts'
import { places } from '../../corps/doctor/check.ts'
import { outageOfAll } from '../outage-of-all.ts'

type Needs = Core

/** People are told of a delay that does not pass by itself; the overview shows one three times as early. */
export const stuckMs = 1_800_000

export const parkedEvents: Cause<Needs, { count: number }> = {
  async find(ctx) {
    const states = await inboxStates(ctx.db, 'directory')
    return {
      found: [...states].flatMap(([corpId, { parked }]) =>
        parked > 0 ? [{ corpId, detail: { count: parked } }] : [],
      ),
    }
  },
  tell: ({ count }) => ({
    title: { zh: '变更事件处理失败', en: 'Change events failed' },
    what: {
      zh: `${formatCount(count)} 条变更事件多次处理失败，已停下等待处理。`,
      en: `${counted(count, 'change event')} failed several times and wait for somebody.`,
    },
    fix: {
      zh: `请到${places.events.zh}查看原因，处理后重放。`,
      en: `See why in ${places.events.en}, mend it and replay.`,
    },
    path: '/console/sync/events?state=parked',
  }),
}

export const lateEvents: Cause<Needs, { count: number; waited: Words }> = {
  async find(ctx) {
    // wecomUnreachable tells why.
    if (await outageOfAll(ctx.db)) return { found: [] }
    const states = await inboxStates(ctx.db, 'directory')
    return {
      found: [...states].flatMap(([corpId, { pending, oldestPendingAt }]) => {
        const waitedMs = oldestPendingAt ? ctx.now() - oldestPendingAt.getTime() : 0
        return waitedMs > stuckMs
          ? [{ corpId, detail: { count: pending, waited: formatDuration(waitedMs) } }]
          : []
      }),
    }
  },
  reasonOf: () => 'late',
  tell: ({ count, waited }) => ({
    title: { zh: '变更事件积压', en: 'Change events wait' },
    what: {
      zh: `${formatCount(count)} 条变更事件没有处理，最早的已等待 ${waited.zh}。`,
      en: `${counted(count, 'change event')} not applied, the oldest for ${waited.en}.`,
    },
    fix: {
      zh: '可能是企业微信限流或不可用：请到「企业与体检」体检一次，并查看日志。',
      en: 'WeCom may be limiting or unavailable: run the check-up under Corps and check-up, and look into the log.',
    },
    path: '/console/sync/events?state=pending',
  }),
}
