import { corpOf, corpPart } from '../../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import { actor } from '../../../../platform/command/actor.ts'
import { command } from '../../../../platform/command/command.ts'
import { requiredText } from '../../../../platform/command/parts.ts'
import { table, when } from '../../../../platform/command/text.ts'
import type { Core } from '../../../../platform/core.ts'
import { freeAddress, stopsOf } from './stop-calls.ts'

type Needs = Core & { corps: Corps }

const list = command({
  path: 'message mail-stopped',
  point: 'message:read',
  summary: '列出因退信停止发送的邮箱',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const data = await stopsOf(ctx, corpOf(ctx, corp))
    const rows = data.map(one => [one.address, one.status, when(new Date(one.stoppedAt)), one.said])
    return { data, text: table(['邮箱', '状态码', '时间', '退信内容'], rows, '没有停止发送的邮箱') }
  },
})

const free = command({
  path: 'message mail-free',
  point: 'message:settings',
  summary: '恢复向一个邮箱发送邮件',
  parts: { address: requiredText('<address>', '邮箱地址'), corp: corpPart },
  async run(ctx: Needs, { address, corp }) {
    await freeAddress(ctx, actor, corpOf(ctx, corp), address)
    return { data: { address }, text: `已恢复向 ${address} 发送邮件` }
  },
})

export const mailStopCommands = [list, free]
