import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { anyId, requiredInteger, toggle } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import type { NeedsAttention } from '../../platform/manifest/attention.ts'
import { attentionTable } from '../../platform/manifest/attention-table.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { acknowledge, needIn, type PastAlert, pastAlerts } from './alerts.ts'

type Needs = Core & { corps: Corps; needsAttention: NeedsAttention; offered: FeatureOffers }

const list = command({
  path: 'alert list',
  point: 'alert:read',
  summary: '需要管理员处理的事，和怎么改；与控制台的总览、提醒、体检相同',
  parts: { corp: corpPart, all: toggle('--all', '也列出已经结束的提醒') },
  async run(ctx: Needs, { corp, all }) {
    const seen = { corpId: corpOf(ctx, corp), withInstallation: true }
    const rows = await ctx.needsAttention(seen)
    const past = all ? await pastAlerts(ctx, seen, 'zh') : []
    const open = rows.map(one => needIn('zh', one))
    const texts = [attentionTable(rows), ...(all ? [pastText(past)] : [])]
    return { data: { open, past }, text: texts.join('\n\n') }
  },
})

function pastText(past: readonly PastAlert[]): string {
  const at = (time: string | null) => when(time === null ? null : new Date(time))
  return table(
    ['编号', '开始', '结束', '提醒', '情况'],
    past.map(one => [one.id, at(one.since), at(one.endedAt), one.title, one.what]),
    '没有已经结束的提醒',
  )
}

const ack = command({
  path: 'alert ack',
  point: 'alert:acknowledge',
  summary: '知道了：不再提醒，问题解决后自动结束',
  parts: { id: requiredInteger('<id>', '提醒编号', anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    await acknowledge(ctx, actor, { corpId: corpOf(ctx, corp), withInstallation: true }, id)
    return { data: { id }, text: `提醒 ${id} 已标为知道了` }
  },
})

export const alertCommands = [list, ack]
