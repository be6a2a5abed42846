import type { Core } from '../../../platform/core.ts'
import { counted, formatCount, formatDuration } from '../../../platform/format.ts'
import { refusalsOfCorp, refusalsTold } from '../../../platform/http/upstream-push.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { countersOfCorps } from '../../../platform/security/counter-store.ts'
import type { Words } from '../../../platform/words.ts'
import { type Corps, callbackSettings } from '../../corps/corps.ts'
import { pages, places } from '../../corps/doctor/check.ts'
import { unpushedChanges } from '../figures-store.ts'
import { quietMs } from '../thresholds.ts'

type Needs = Core & { corps: Corps }

const refusedWithinMs = 86_400_000

/** Nothing comes although the nightly checks find changes; where the callback was never verified nothing is expected. */
export const callbacksSilent: Cause<Needs, { silent: Words; changes: number; url: string }> = {
  async find(ctx) {
    return {
      found: (await unpushedChanges(ctx.db)).flatMap(({ corpId, lastEventAt, changes }) => {
        const corp = ctx.corps.find(corpId)
        if (!corp?.callbackVerifiedAt || changes === 0) return []
        const since = Math.max(lastEventAt?.getTime() ?? 0, corp.callbackVerifiedAt.getTime())
        const silentMs = ctx.now() - since
        if (silentMs < quietMs) return []
        return [
          {
            corpId,
            detail: { silent: formatDuration(silentMs), changes, url: callbackSettings(ctx, corp).url },
          },
        ]
      }),
    }
  },
  reasonOf: () => 'silent',
  tell: ({ silent, changes, url }) => ({
    title: { zh: '收不到通讯录回调', en: 'No callbacks of the address book come' },
    what: {
      zh: `已有 ${silent.zh}没有收到回调，而每晚核对发现 ${formatCount(changes)} 处没有推送的变更。`,
      en: `No callback came for ${silent.en}, while the nightly checks found ${counted(changes, 'change')} not pushed.`,
    },
    fix: {
      zh: `请到${pages.contact.zh}检查接收事件服务器的 URL 是否为 ${url}，以及防火墙、反向代理是否放行。`,
      en: `Check in ${pages.contact.en} whether the URL of the event server (接收事件服务器) is ${url}, and whether firewall and reverse proxy let it through.`,
    },
    path: '/console/system/corps',
  }),
}

/** Refused pushes, and none that was taken since they began. */
export const callbacksRefused: Cause<Needs, { count: number }> = {
  async find(ctx) {
    const since = new Date(ctx.now() - refusedWithinMs)
    const counters = await countersOfCorps(ctx.db, refusalsOfCorp.purpose, since)
    const heard = new Map(
      counters.length === 0
        ? []
        : (await unpushedChanges(ctx.db)).map(one => [one.corpId, one.lastEventAt?.getTime() ?? 0]),
    )
    return {
      found: counters.flatMap(({ corpId, count, endsAt }) => {
        const beganAt = endsAt.getTime() - refusalsOfCorp.windowMs
        const isTaken = (heard.get(corpId) ?? 0) > beganAt
        return count < refusalsTold || isTaken || !ctx.corps.find(corpId)
          ? []
          : [{ corpId, detail: { count } }]
      }),
    }
  },
  tell: ({ count }) => ({
    title: { zh: '通讯录回调被拒绝', en: 'Callbacks of the address book are refused' },
    what: {
      zh: `收到 ${formatCount(count)} 次签名或加密不符的回调，此后没有一次通过。`,
      en: `${counted(count, 'callback')} came with a wrong signature or encryption, and none was right since.`,
    },
    fix: {
      zh: `请到${pages.contact.zh}核对 Token 与 EncodingAESKey，应与${places.corp.zh}所示相同。如果您没有改过，也可能是别人在冒充企业微信，回调正常后本提醒会自动结束。`,
      en: `Compare Token and EncodingAESKey in ${pages.contact.en} with those shown in ${places.corp.en}. If nobody changed them, somebody else may be pretending to be WeCom; this ends by itself with the next right callback.`,
    },
    path: '/console/system/corps',
  }),
}
