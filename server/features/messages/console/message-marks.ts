import { type Static, Type } from 'typebox'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { optionalChoice, text } from '../../../platform/http/input.ts'
import { exporting, pageOf, paging } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf } from '../../../platform/words.ts'
import { findOfCorp } from '../fate/status.ts'
import {
  allPeopleOf,
  countPeople,
  countUrgeable,
  lacks,
  type PersonRow,
  peopleOf,
} from '../marks/mark-store.ts'
import { listedOf } from '../marks/marks.ts'
import { lackOf, type UrgeNeeds, urge, whyNotUrge } from '../urge/urge.ts'

const msgId = text('消息 id', { max: 64 })
const lack = optionalChoice('只要没有这样做的人', lacks)

const personSchema = Type.Object({
  userId: Type.String(),
  name: Type.String(),
  /** The list of their messages was on their screen since they got it. */
  isShown: Type.Boolean(),
  /** When they opened it, and acknowledged it; '' when they did not. */
  readAt: Type.String(),
  acknowledgedAt: Type.String(),
  urged: Type.Integer(),
  urgedAt: Type.String(),
})

const marksSchema = Type.Object({
  counts: Type.Object({
    /** Who has it in their list, without those who left since. */
    people: Type.Integer(),
    shown: Type.Integer(),
    read: Type.Integer(),
    acknowledged: Type.Integer(),
  }),
  /** What its receivers are asked for, and are reminded of. */
  asked: Type.Enum(['read', 'acknowledged']),
  canUrge: Type.Boolean(),
  /** Why nobody can be reminded; '' when somebody can. */
  whyNotUrge: Type.String(),
  list: Type.Array(personSchema),
  total: Type.Integer(),
})
export type MessageMarks = Static<typeof marksSchema>

export const messageMarks = pageCall({
  method: 'GET',
  path: '/web/messages/marks',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: { msgId, ...paging, lack },
  output: marksSchema,
  async handle(ctx: UrgeNeeds, { input, corpId, request }): Promise<MessageMarks> {
    const message = await listedOf(ctx.db, await findOfCorp(ctx, corpId, input.msgId))
    const counts = await countPeople(ctx.db, message)
    const asked = lackOf(ctx, message)
    const urgeable = await countUrgeable(ctx.db, message, asked, new Date(ctx.now()))
    const obstacle = whyNotUrge(ctx, message, urgeable)
    const rows = await peopleOf(ctx.db, message, { lack: input.lack, ...pageOf(input) })
    return {
      counts,
      asked: asked === 'acknowledged' ? 'acknowledged' : 'read',
      canUrge: obstacle === undefined,
      whyNotUrge: obstacle?.reasonIn(languageOf(request.headers['accept-language'])) ?? '',
      list: rows.map(personIn),
      total: input.lack ? counts.people - counts[input.lack] : counts.people,
    }
  },
})

const at = (time: Date | null) => time?.toISOString() ?? ''

function personIn({ userId, name, isShown, readAt, acknowledgedAt, urged, urgedAt }: PersonRow) {
  const times = { readAt: at(readAt), acknowledgedAt: at(acknowledgedAt), urgedAt: at(urgedAt) }
  return { userId, name, isShown, urged, ...times }
}

const heads = {
  zh: ['成员', '姓名', '出现在屏幕上', '打开时间', '确认收到时间', '催办次数', '最近催办'],
  en: ['Member', 'Name', 'Shown', 'Opened', 'Acknowledged', 'Times urged', 'Last urged'],
} as const
const words = { zh: { yes: '是', no: '否' }, en: { yes: 'yes', no: 'no' } } as const

/** Its people and what they did with it; what it says is not in it. */
export const exportMessageMarks = pageCall({
  method: 'GET',
  path: '/web/messages/marks/export',
  access: administrator('super'),
  point: 'message:export',
  input: { msgId, lack, ...exporting },
  output: fileSchema,
  async handle(ctx: Core, { input, visitor, corpId, reply }) {
    const language = input.language ?? 'zh'
    const message = await listedOf(ctx.db, await findOfCorp(ctx, corpId, input.msgId))
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'messageMarks', input })
    return sendCsv(reply, {
      name: 'message-marks',
      head: heads[language],
      chunks: allPeopleOf(ctx.db, message, input.lack, rowsAtOnce),
      cells: row => [
        row.userId,
        row.name,
        words[language][row.isShown ? 'yes' : 'no'],
        row.readAt,
        row.acknowledgedAt,
        row.urged,
        row.urgedAt,
      ],
    })
  },
})

const rowsAtOnce = 5000

export const urgeReceivers = pageCall({
  method: 'POST',
  path: '/web/messages/urge',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  input: { msgId },
  output: Type.Object({ msgId: Type.String(), receivers: Type.Integer(), left: Type.Integer() }),
  async handle(ctx: UrgeNeeds, { input, visitor, corpId }) {
    return urge(ctx, await findOfCorp(ctx, corpId, input.msgId), visitor.actor)
  },
})
