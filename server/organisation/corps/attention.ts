import type { Core } from '../../platform/core.ts'
import type { CorpAttention } from '../../platform/manifest/attention.ts'
import type { Corps } from './corps.ts'
import { pages } from './doctor/check.ts'
import { connectedAt } from './store.ts'

export async function corpAttention(
  ctx: Core & { corps: Corps },
  corpIds: readonly string[],
): Promise<CorpAttention[]> {
  const unverified = corpIds.filter(corpId => !ctx.corps.get(corpId).callbackVerifiedAt)
  if (unverified.length === 0) return []
  const since = await connectedAt(ctx.db, unverified)
  return unverified.map(corpId => ({
    corpId,
    kind: 'callbackUnverified',
    severity: 'warn',
    since: since.get(corpId) ?? null,
    title: { zh: '通讯录回调还没有验证', en: 'The address-book callback is not verified' },
    what: {
      zh: '企业微信里的变更要等到每晚核对才会同步过来。',
      en: 'Changes made in WeCom arrive only with the nightly check.',
    },
    fix: {
      zh: `请到${pages.contact.zh}「设置接收事件服务器」，填入「企业与体检」里显示的 URL、Token 与 EncodingAESKey。`,
      en: 'Enter the URL, Token and EncodingAESKey that are shown under Corps and check-up as the event server of Contacts Sync in the WeCom admin console.',
    },
    act: { zh: '去配置回调', en: 'Set it up' },
    path: '/console/system/corps',
  }))
}
