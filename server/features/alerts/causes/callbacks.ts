import { callbackSettings } from '../../../organisation/corps/corps.ts'
import { counted, duration, pages, places } from '../../../organisation/corps/doctor/check.ts'
import { unpushedChanges } from '../../../organisation/sync/figures-store.ts'
import { quietMs } from '../../../organisation/sync/limits.ts'
import { refusalsOfAccount, refusalsOfCorp } from '../../../platform/http/upstream-push.ts'
import type { Words } from '../../../platform/http/words.ts'
import { lastPushesOf } from '../../../platform/inbox/official-feed-store.ts'
import { countersOfCorps } from '../../../platform/security/counter-store.ts'
import { countsOf } from '../../../platform/security/counters.ts'
import type { Cause } from '../cause.ts'

/** WeCom repeats an event that was refused three times, so one event that does not fit is enough. */
const refusedAtLeast = 3
const refusedWithinMs = 86_400_000

/** Nothing comes although the nightly checks find changes; where the callback was never verified nothing is expected. */
export const callbacksSilent: Cause<{ silent: Words; changes: number; url: string }> = {
  async find(ctx) {
    return {
      found: (await unpushedChanges(ctx.db)).flatMap(({ corpId, lastEventAt, changes }) => {
        const corp = ctx.corps.find(corpId)
        if (!corp?.callbackVerifiedAt || changes === 0) return []
        const since = Math.max(lastEventAt?.getTime() ?? 0, corp.callbackVerifiedAt.getTime())
        const silentMs = ctx.now() - since
        if (silentMs < quietMs) return []
        return [
          { corpId, detail: { silent: duration(silentMs), changes, url: callbackSettings(ctx, corp).url } },
        ]
      }),
    }
  },
  tell: ({ silent, changes, url }) => ({
    title: { zh: '收不到通讯录回调', en: 'No callbacks of the address book come' },
    what: {
      zh: `已有 ${silent.zh}没有收到回调，而每晚核对发现 ${changes} 处没有推送的变更。`,
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
export const callbacksRefused: Cause<{ count: number }> = {
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
        return count < refusedAtLeast || isTaken || !ctx.corps.find(corpId)
          ? []
          : [{ corpId, detail: { count } }]
      }),
    }
  },
  tell: ({ count }) => ({
    title: { zh: '通讯录回调被拒绝', en: 'Callbacks of the address book are refused' },
    what: {
      zh: `收到 ${count} 次签名或加密不符的回调，此后没有一次通过。`,
      en: `${counted(count, 'callback')} came with a wrong signature or encryption, and none was right since.`,
    },
    fix: {
      zh: `请到${pages.contact.zh}核对 Token 与 EncodingAESKey，应与${places.corp.zh}所示相同。如果您没有改过，也可能是别人在冒充企业微信，回调正常后本提醒会自动结束。`,
      en: `Compare Token and EncodingAESKey in ${pages.contact.en} with those shown in ${places.corp.en}. If nobody changed them, somebody else may be pretending to be WeCom; this ends by itself with the next right callback.`,
    },
    path: '/console/system/corps',
  }),
}

/** The same of an official account, whose settings at WeChat are others than here. */
export const pushesRefused: Cause<{ count: number; account: string; name: string }> = {
  async find(ctx) {
    const subjects = ctx.accounts
      .all()
      .filter(account => account.enabled)
      .map(({ corpId, originalId, name }) => ({ corpId, of: originalId, originalId, name }))
    const since = new Date(ctx.now() - refusedWithinMs)
    const counts = await countsOf(ctx, refusalsOfAccount, subjects, since)
    const many = counts.filter(one => one.count >= refusedAtLeast)
    const taken = many.length === 0 ? new Map<string, Date>() : await lastPushesOf(ctx.db, many)
    return {
      found: many.flatMap(({ corpId, originalId, name, count, beganAt }) => {
        const last = taken.get(originalId)
        return last && last > beganAt
          ? []
          : [{ corpId, subject: originalId, detail: { count, account: originalId, name } }]
      }),
    }
  },
  tell: ({ count, account, name }) => ({
    title: {
      zh: `公众号「${name}」的推送被拒绝`,
      en: `Pushes of the official account "${name}" are refused`,
    },
    what: {
      zh: `收到 ${count} 次发给 ${account} 的推送，与平台保存的 Token、EncodingAESKey、AppID 或加解密方式不符，此后没有一次通过：粉丝的消息没有进来。`,
      en: `${count} ${count === 1 ? 'push' : 'pushes'} for ${account} came with another Token, EncodingAESKey, AppID or mode than are kept here, and none was right since: what followers write does not arrive.`,
    },
    fix: {
      zh: '请在微信公众平台（或微信开发者平台）的「服务器配置」核对 Token、EncodingAESKey 与消息加解密方式，应与「公众号 → 账号与绑定」中该账号所示相同，然后体检一次。如果您没有改过，也可能是别人在冒充微信，推送正常后本提醒会自动结束。',
      en: "Compare Token, EncodingAESKey and mode in the server configuration (服务器配置) of WeChat's own console with those of this account under Official accounts → Accounts, then run its check-up. If nobody changed them, somebody else may be pretending to be WeChat; this ends by itself with the next right push.",
    },
    path: `/console/official?${new URLSearchParams({ open: account })}`,
  }),
}
