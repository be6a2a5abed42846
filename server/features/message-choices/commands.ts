import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import { requiredText } from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import { levels } from '../message-types/definition.ts'
import { choicesOfUser, type ReadNeeds } from './admin/choices-call.ts'
import type { TypeOfPerson } from './person-choices.ts'
import { quietText } from './quiet-hours.ts'

const deciderWords: Record<TypeOfPerson['decidedBy'], string> = {
  level: '级别',
  person: '本人',
  allOff: '全部关闭',
  type: '类型',
  corp: '企业',
}

const show = directoryCommand({
  path: 'message choices',
  point: 'message:read',
  summary: '查看一个成员的消息设置：只读，由本人更改',
  parts: { userId: requiredText('<userId>', '成员账号'), corp: corpPart },
  async run(ctx: ReadNeeds, { userId, corp }) {
    const data = await choicesOfUser(ctx, corpOf(ctx, corp), userId, 'zh')
    const rows = data.types.map(one => [
      one.key,
      one.sender,
      one.name,
      levels[one.level].zh,
      `${one.isOn ? '接收' : '不接收'}（${deciderWords[one.decidedBy]}）`,
      one.ways.map(({ name, isOn }) => (isOn ? name : `${name} 停用`)).join('、'),
      digestWords(one),
    ])
    const all = [
      ['全部关闭', data.isAllOff ? '是' : '否'],
      ['免打扰', data.quietHours ? quietText(data.quietHours) : '没有设置'],
    ]
    const heads = ['key', '所属', '名称', '级别', '接收', '渠道', '合并发送']
    return { data, text: `${table(['', ''], all)}\n\n${table(heads, rows, '没有消息类型')}` }
  },
})

function digestWords({ digest, digestOfType }: TypeOfPerson): string {
  if (digest === 'off') return '不合并（本人）'
  if (digest !== '') return `每天 ${digest}（本人）`
  if (digestOfType === '') return '不合并'
  return digestOfType.includes(':') ? `每天 ${digestOfType}` : `${digestOfType} 分钟`
}

export const choiceCommands = [show]
