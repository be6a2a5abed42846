import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import { comma, commandLanguage, said } from '../../platform/command/language.ts'
import { requiredText } from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import type { Words } from '../../platform/words.ts'
import { levels } from '../message-types/definition.ts'
import { choicesOfUser, type ReadNeeds } from './admin/choices-call.ts'
import type { TypeOfPerson } from './person-choices.ts'
import { quietText } from './quiet-hours.ts'

const deciderWords: Record<TypeOfPerson['decidedBy'], Words> = {
  level: { zh: '级别', en: 'level' },
  person: { zh: '本人', en: 'the member' },
  allOff: { zh: '全部关闭', en: 'all switched off' },
  type: { zh: '类型', en: 'type' },
  corp: { zh: '企业', en: 'Corp' },
}

const show = directoryCommand({
  path: 'message choices',
  point: 'message:read',
  summary: {
    zh: '查看一个成员的消息设置：只读，由本人更改',
    en: 'Show the message settings of a member, which only the member can change',
  },
  parts: {
    userId: requiredText('<userId>', { zh: '成员账号', en: 'account of the member' }),
    corp: corpPart,
  },
  async run(ctx: ReadNeeds, { userId, corp }) {
    const data = await choicesOfUser(ctx, corpOf(ctx, corp), userId, commandLanguage())
    const rows = data.types.map(one => [
      one.key,
      one.sender,
      one.name,
      said(levels[one.level]),
      said({
        zh: `${one.isOn ? '接收' : '不接收'}（${deciderWords[one.decidedBy].zh}）`,
        en: `${one.isOn ? 'receives' : 'does not receive'} (${deciderWords[one.decidedBy].en})`,
      }),
      one.ways
        .map(({ name, isOn }) => (isOn ? name : said({ zh: `${name} 停用`, en: `${name} disabled` })))
        .join(said(comma)),
      digestWords(one),
    ])
    const all = [
      [
        said({ zh: '全部关闭', en: 'all switched off' }),
        data.isAllOff ? said({ zh: '是', en: 'yes' }) : said({ zh: '否', en: 'no' }),
      ],
      [
        said({ zh: '免打扰', en: 'Quiet hours' }),
        data.quietHours ? quietText(data.quietHours) : said({ zh: '没有设置', en: 'not set' }),
      ],
    ]
    const heads = [
      'key',
      said({ zh: '所属', en: 'Belongs to' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '级别', en: 'level' }),
      said({ zh: '接收', en: 'Receives' }),
      said({ zh: '渠道', en: 'Channels' }),
      said({ zh: '合并发送', en: 'Digest' }),
    ]
    return {
      data,
      text: `${table(['', ''], all)}\n\n${table(heads, rows, { zh: '没有消息类型', en: 'no message types' })}`,
    }
  },
})

function digestWords({ digest, digestOfType }: TypeOfPerson): string {
  if (digest === 'off') return said({ zh: '不合并（本人）', en: 'no digest (by the member)' })
  if (digest !== '') return said({ zh: `每天 ${digest}（本人）`, en: `each day ${digest} (by the member)` })
  if (digestOfType === '') return said({ zh: '不合并', en: 'no digest' })
  return digestOfType.includes(':')
    ? said({ zh: `每天 ${digestOfType}`, en: `each day ${digestOfType}` })
    : said({ zh: `${digestOfType} 分钟`, en: `${digestOfType} minutes` })
}

export const choiceCommands = [show]
