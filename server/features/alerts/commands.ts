import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { commandLanguage, said } from '../../platform/command/language.ts'
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
  summary: {
    zh: '需要管理员处理的事，和怎么改；与控制台的总览、提醒、体检相同',
    en: 'List what administrators must deal with, and how; the same as the overview, alerts and check-ups of the console',
  },
  parts: {
    corp: corpPart,
    all: toggle('--all', { zh: '也列出已经结束的提醒', en: 'list alerts that have ended too' }),
  },
  async run(ctx: Needs, { corp, all }) {
    const seen = { corpId: corpOf(ctx, corp), withInstallation: true }
    const rows = await ctx.needsAttention(seen)
    const past = all ? await pastAlerts(ctx, seen, commandLanguage()) : []
    const open = rows.map(one => needIn(commandLanguage(), one))
    const texts = [attentionTable(rows), ...(all ? [pastText(past)] : [])]
    return { data: { open, past }, text: texts.join('\n\n') }
  },
})

function pastText(past: readonly PastAlert[]): string {
  const at = (time: string | null) => when(time === null ? null : new Date(time))
  return table(
    [
      { zh: '编号', en: 'ID' },
      { zh: '开始', en: 'Begun' },
      { zh: '结束', en: 'Ended' },
      { zh: '提醒', en: 'Alert' },
      { zh: '情况', en: 'State' },
    ],
    past.map(one => [one.id, at(one.since), at(one.endedAt), one.title, one.what]),
    { zh: '没有已经结束的提醒', en: 'no alerts that have ended' },
  )
}

const ack = command({
  path: 'alert ack',
  point: 'alert:acknowledge',
  summary: {
    zh: '知道了：不再提醒，问题解决后自动结束',
    en: 'Acknowledge an alert: it reminds no more, and ends when the problem is solved',
  },
  parts: { id: requiredInteger('<id>', { zh: '提醒编号', en: 'ID of the alert' }, anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    await acknowledge(ctx, actor, { corpId: corpOf(ctx, corp), withInstallation: true }, id)
    return { data: { id }, text: said({ zh: `提醒 ${id} 已标为知道了`, en: `acknowledged the alert ${id}` }) }
  },
})

export const alertCommands = [list, ack]
