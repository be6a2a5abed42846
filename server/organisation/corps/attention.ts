import type { Core } from '../../platform/core.ts'
import type { Attention } from '../../platform/manifest/attention.ts'
import type { Corps } from './corps.ts'
import { lastDiagnosis } from './doctor/doctor.ts'

export async function corpAttention(ctx: Core & { corps: Corps }, corpId: string): Promise<Attention[]> {
  const found: Attention[] = []
  const [zh, en] = await Promise.all([lastDiagnosis(ctx, corpId, 'zh'), lastDiagnosis(ctx, corpId, 'en')])
  const failed = zh?.failed ?? []
  if (failed.length > 0)
    found.push({
      kind: 'doctorFailed',
      severity: 'bad',
      title: {
        zh: `体检发现 ${failed.length} 个问题`,
        en: `The check-up found ${failed.length} ${failed.length === 1 ? 'problem' : 'problems'}`,
      },
      hint: { zh: failed.join('、'), en: en?.failed.join(', ') ?? '' },
      act: { zh: '查看怎么改', en: 'See what to change' },
      path: '/console/system/corps',
    })
  if (!ctx.corps.get(corpId).callbackVerifiedAt)
    found.push({
      kind: 'callbackUnverified',
      severity: 'warn',
      title: { zh: '通讯录回调还没有验证', en: 'The address-book callback is not verified' },
      hint: {
        zh: '企业微信里的变更要等到每晚核对才会同步过来。',
        en: 'Changes made in WeCom arrive only with the nightly check.',
      },
      act: { zh: '去配置回调', en: 'Set it up' },
      path: '/console/system/corps',
    })
  return found
}
