import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { anyId, requiredInteger, toggle } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import { acknowledge, listAlerts } from './alerts.ts'

type Needs = Core & { corps: Corps; offered: Offered }

const list = command({
  path: 'alert list',
  summary: '需要管理员处理的事，和怎么改',
  parts: { corp: corpPart, all: toggle('--all', '包括已经结束的') },
  async run(ctx: Needs, { corp, all }) {
    const seen = { corpId: corpOf(ctx, corp), withInstallation: true, openOnly: !all }
    const data = await listAlerts(ctx, seen, 'zh')
    const rows = data.map(one => [
      one.id,
      when(new Date(one.since)),
      one.endedAt ? '已结束' : one.acknowledgedAt ? `${one.acknowledgedBy} 知道了` : '未处理',
      one.title,
      one.what,
      one.fix,
    ])
    return { data, text: table(['编号', '开始', '状态', '提醒', '情况', '怎么改'], rows, '没有需要处理的事') }
  },
})

const ack = command({
  path: 'alert ack',
  summary: '知道了：不再提醒，问题解决后自动结束',
  parts: { id: requiredInteger('<id>', '提醒编号', anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    await acknowledge(ctx, actor, { corpId: corpOf(ctx, corp), withInstallation: true }, id)
    return { data: { id }, text: `提醒 ${id} 已标为知道了` }
  },
})

export const alertCommands = [list, ack]
