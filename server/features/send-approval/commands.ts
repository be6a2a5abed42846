import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { optionsOf } from '../../platform/acts/settings.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
import { facts } from '../../platform/command/text.ts'
import { formatCount, formatMoney } from '../../platform/format.ts'
import { type SpendingNeeds, spendingOf } from './budget/spending.ts'
import { setSendApproval } from './set-approval.ts'
import { approvalSettings } from './settings.ts'

const settings = command({
  path: 'message approval',
  point: 'message:settings',
  summary: {
    zh: '显示或修改哪些发送须批准；只给出要修改的项',
    en: 'Show or change which messages take an approval; give only what is to change',
  },
  parts: { corp: corpPart, ...optionsOf(approvalSettings) },
  async run(ctx: SpendingNeeds, { corp, ...given }) {
    const corpId = corpOf(ctx, corp)
    const change = givenOnly(given)
    if (Object.keys(change).length > 0) await setSendApproval(ctx, actor, corpId, change)
    const data = ctx.sendApproval.of(corpId)
    const spending = await spendingOf(ctx, corpId, '')
    const words = facts([
      [
        { zh: '超过多少人须批准', en: 'Approval above so many people' },
        data.receivers === 0 ? { zh: '不按人数', en: 'no limit' } : formatCount(data.receivers),
      ],
      [
        { zh: '发给所有人', en: 'To everyone' },
        data.all ? { zh: '须批准', en: 'takes an approval' } : { zh: '不须批准', en: 'takes no approval' },
      ],
      [
        { zh: '须批准的词', en: 'Words that take an approval' },
        data.words.join(said(comma)) || said({ zh: '没有', en: 'no' }),
      ],
      [
        { zh: '不按类型发送的', en: 'Messages without a type' },
        data.untyped ? { zh: '同样须批准', en: 'take one too' } : { zh: '不须批准', en: 'takes no approval' },
      ],
      [
        { zh: '一条短信的价格', en: 'Price of an SMS' },
        data.smsPrice === 0
          ? { zh: '未设置', en: 'not set' }
          : { zh: `${data.smsPrice} 分`, en: `${data.smsPrice} fen` },
      ],
      [
        { zh: '每月短信预算', en: 'SMS budget of a month' },
        data.smsBudget === 0 ? { zh: '不限', en: 'any' } : formatMoney(data.smsBudget),
      ],
      [{ zh: '其中只供紧急消息', en: 'Of it for urgent messages only' }, formatMoney(data.smsUrgent)],
      [
        { zh: '本月已用', en: 'Used this month' },
        spending ? formatMoney(spending.used + spending.urgentUsed) : { zh: '未统计', en: 'not counted' },
      ],
    ])
    return { data, text: words }
  },
})

export const approvalCommands = [settings]
