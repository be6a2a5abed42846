import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { optionsOf } from '../../platform/acts/settings.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly } from '../../platform/command/command.ts'
import { facts } from '../../platform/command/text.ts'
import { formatCount, formatMoney } from '../../platform/format.ts'
import { type SpendingNeeds, spendingOf } from './budget/spending.ts'
import { setSendApproval } from './set-approval.ts'
import { approvalSettings } from './settings.ts'

const settings = command({
  path: 'message approval',
  point: 'message:settings',
  summary: '显示或修改哪些发送须批准；只给出要修改的项',
  parts: { corp: corpPart, ...optionsOf(approvalSettings) },
  async run(ctx: SpendingNeeds, { corp, ...given }) {
    const corpId = corpOf(ctx, corp)
    const change = givenOnly(given)
    if (Object.keys(change).length > 0) await setSendApproval(ctx, actor, corpId, change)
    const data = ctx.sendApproval.of(corpId)
    const spending = await spendingOf(ctx, corpId, '')
    const words = facts([
      ['超过多少人须批准', data.receivers === 0 ? '不按人数' : formatCount(data.receivers)],
      ['发给所有人', data.all ? '须批准' : '不须批准'],
      ['须批准的词', data.words.join('、') || '没有'],
      ['不按类型发送的', data.untyped ? '同样须批准' : '不须批准'],
      ['一条短信的价格', data.smsPrice === 0 ? '未设置' : `${data.smsPrice} 分`],
      ['每月短信预算', data.smsBudget === 0 ? '不限' : formatMoney(data.smsBudget)],
      ['其中只供紧急消息', formatMoney(data.smsUrgent)],
      ['本月已用', spending ? formatMoney(spending.used + spending.urgentUsed) : '未统计'],
    ])
    return { data, text: words }
  },
})

export const approvalCommands = [settings]
