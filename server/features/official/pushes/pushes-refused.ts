import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { refusedPushes } from '../../../platform/inbox/refused-pushes.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import type { Accounts } from '../accounts/accounts.ts'

type Needs = Core & { accounts: Accounts }

/** Of an official account whose settings at WeChat are others than here. */
export const pushesRefused: Cause<Needs, { count: number; account: string; name: string }> = {
  async find(ctx) {
    const all = ctx.accounts
      .all()
      .filter(account => account.enabled)
      .map(({ corpId, originalId, name }) => ({ corpId, account: originalId, name }))
    return {
      found: (await refusedPushes(ctx, 'official', all)).map(({ corpId, account, name, count }) => ({
        corpId,
        subject: account,
        detail: { count, account, name },
      })),
    }
  },
  tell: ({ count, account, name }) => ({
    title: {
      zh: `公众号「${name}」的推送被拒绝`,
      en: `Pushes of the official account "${name}" are refused`,
    },
    what: {
      zh: `收到 ${formatCount(count)} 次发给 ${account} 的推送，与平台保存的 Token、EncodingAESKey、AppID 或加解密方式不符，此后没有一次通过：粉丝的消息没有进来。`,
      en: `${formatCount(count)} ${count === 1 ? 'push' : 'pushes'} for ${account} came with another Token, EncodingAESKey, AppID or mode than are kept here, and none was right since: what followers write does not arrive.`,
    },
    fix: {
      zh: '请在微信公众平台（或微信开发者平台）的「服务器配置」核对 Token、EncodingAESKey 与消息加解密方式，应与「公众号 → 账号与绑定」中该账号所示相同，然后体检一次。如果您没有改过，也可能是别人在冒充微信，推送正常后本提醒会自动结束。',
      en: "Compare Token, EncodingAESKey and mode in the server configuration (服务器配置) of WeChat's own console with those of this account under Official accounts → Accounts, then run its check-up. If nobody changed them, somebody else may be pretending to be WeChat; this ends by itself with the next right push.",
    },
    path: `/console/official/accounts/${encodeURIComponent(account)}`,
  }),
}
