import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import type { UnreadyStep } from '../../../platform/manifest/setup/unready.ts'
import type { Accounts } from './accounts.ts'

/** An account that was bound and disabled is not missed: somebody wanted that. */
export function officialUnready(ctx: { accounts: Accounts; corps: Corps }, corpId: string): UnreadyStep[] {
  if (!isOn(ctx, corpId, 'official') || ctx.accounts.ofCorp(corpId).length > 0) return []
  return [
    {
      title: { zh: '还没有绑定公众号', en: 'No official account is bound yet' },
      what: {
        zh: '公众号功能已开启，但没有可用的账号：会话、菜单、群发和模板消息都不可用。不需要公众号时，请在「功能」页面关闭。',
        en: 'Official accounts are on, but there is none: conversations, menus, mass and template messages do not work. Without a need for them, switch them off in Features.',
      },
      fix: {
        zh: '请到「公众号 → 账号与绑定」绑定一个公众号或服务号。',
        en: 'Bind an account in Official accounts → Accounts.',
      },
      act: { zh: '绑定公众号', en: 'Bind one' },
      path: '/console/official/accounts',
    },
  ]
}
