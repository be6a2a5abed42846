import { corpOf, corpPart } from '../../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import { actor } from '../../../../platform/command/actor.ts'
import { command } from '../../../../platform/command/command.ts'
import { said } from '../../../../platform/command/language.ts'
import { requiredText } from '../../../../platform/command/parts.ts'
import { table, when } from '../../../../platform/command/text.ts'
import type { Core } from '../../../../platform/core.ts'
import { freeAddress, stopsOf } from './stop-calls.ts'

type Needs = Core & { corps: Corps }

const list = command({
  path: 'message mail-stopped',
  point: 'message:read',
  summary: {
    zh: '列出因退信停止发送的邮箱',
    en: 'List mail addresses that get no more mail because mail to them bounced',
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const data = await stopsOf(ctx, corpOf(ctx, corp))
    const rows = data.map(one => [one.address, one.status, when(new Date(one.stoppedAt)), one.said])
    return {
      data,
      text: table(
        [
          { zh: '邮箱', en: 'Mail address' },
          { zh: '状态码', en: 'Status code' },
          { zh: '时间', en: 'Time' },
          { zh: '退信内容', en: 'Bounce' },
        ],
        rows,
        { zh: '没有停止发送的邮箱', en: 'no mail addresses are stopped' },
      ),
    }
  },
})

const free = command({
  path: 'message mail-free',
  point: 'message:settings',
  summary: { zh: '恢复向一个邮箱发送邮件', en: 'Send mail to an address again' },
  parts: { address: requiredText('<address>', { zh: '邮箱地址', en: 'mail address' }), corp: corpPart },
  async run(ctx: Needs, { address, corp }) {
    await freeAddress(ctx, actor, corpOf(ctx, corp), address)
    return {
      data: { address },
      text: said({ zh: `已恢复向 ${address} 发送邮件`, en: `mail goes to ${address} again` }),
    }
  },
})

export const mailStopCommands = [list, free]
