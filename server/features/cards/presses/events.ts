import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import {
  type EventContents,
  entriesOf,
  type NumberedEvent,
} from '../../../platform/manifest/event-content.ts'
import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { findMessages } from '../../messages/parts/store.ts'
import { seenPersons } from '../seen-persons.ts'
import { type PressRow, pressesById } from './press-store.ts'

const about = (zh: string, en: string) => ({ about: { zh, en } })

const common = {
  msgId: Type.String(
    about(
      '消息 id；对提醒的回答记在原消息上',
      'Id of the message; answers to a reminder belong to the message that it reminds of',
    ),
  ),
  requestId: Type.String(
    about('发送时的 requestId，没有则为空', 'The requestId of the send; empty without one'),
  ),
  userId: Type.String(about('点击的成员', 'Who pressed')),
  key: Type.String(
    about('按钮、提交按钮或菜单项的 key', 'Key of the button, the submit button or the line of the menu'),
  ),
  cardType: Type.String(about('卡片类型', 'Kind of the card')),
}
const at = Type.String(about('点击的时间', 'When it was pressed'))

export const selectedSchema = Type.Array(
  Type.Object({
    questionKey: Type.String(about('问题的 question_key', 'question_key of the question')),
    optionIds: Type.Array(Type.String(), about('所选选项的 id', 'Ids of the options that were chosen')),
  }),
  about('所选的选项', 'What was chosen'),
)

const sample = {
  msgId: 'mZ3k9w…',
  requestId: 'leave-2026-1024',
  userId: 'zhangsan',
  cardType: 'button_interaction',
}

/** What people answer on a developer's own cards. */
export const cardEvents = {
  'message.card.pressed': {
    title: { zh: '有人回答了卡片', en: 'Somebody answered a card' },
    when: {
      zh: '成员点击按钮、提交选择或投票时，每次点击只通知一次；数据范围之外的成员不通知。accepted 为 false 表示 firstPressWins 的卡片已由他人先回答',
      en: 'When a member presses a button or submits a choice or vote, once for each press; not for members outside the data scope. accepted is false when somebody had answered a card with firstPressWins before',
    },
    data: Type.Object({
      ...common,
      selected: selectedSchema,
      accepted: Type.Boolean(about('是否有效', 'Whether it counts')),
      at,
    }),
    sample: {
      ...sample,
      key: 'agree',
      selected: [{ questionKey: 'deputy', optionIds: ['wangwu'] }],
      accepted: true,
      at: '2026-11-26T08:00:00.000Z',
    },
  },
  'message.card.menu': {
    title: { zh: '有人使用了卡片右上角的菜单', en: 'Somebody used the menu in the corner of a card' },
    when: {
      zh: '成员点击 action_menu 的一项时，每次点击只通知一次',
      en: 'When a member presses a line of action_menu, once for each press',
    },
    data: Type.Object({ ...common, at }),
    sample: { ...sample, key: 'cancel', cardType: 'text_notice', at: '2026-11-26T08:00:00.000Z' },
  },
} as const satisfies EventTypes

/** The contents of both, as the caller may be told them: a press from outside its data scope is told to nobody. */
export async function readPresses(
  ctx: Core & { mirrors: Mirrors },
  caller: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => Object.hasOwn(cardEvents, row.type))
  if (own.length === 0) return []
  const presses = await pressesById(
    ctx.db,
    caller.corpId,
    own.map(row => Number(row.data['pressId'])),
  )
  const asked = await findMessages(ctx.db, caller.corpId, [
    ...new Set([...presses.values()].map(one => one.asked)),
  ])
  // A card that waited for its time is known by the message that waited.
  const waited = await findMessages(ctx.db, caller.corpId, [
    ...new Set([...asked.values()].flatMap(one => one.parentId ?? [])),
  ])
  const seen = seenPersons(viewOf(ctx, caller))
  return entriesOf(own, row => {
    const press = presses.get(Number(row.data['pressId']))
    const person = press && seen(press)
    if (!press || !person) return undefined
    const message = asked.get(press.asked)
    const known = (message?.parentId && waited.get(message.parentId)) || message
    const ids = { msgId: known?.id ?? press.asked, requestId: known?.requestId ?? '' }
    return { type: row.type, wire: fieldsOf(told(press, ids, person.userId)) }
  })
}

function told(press: PressRow, ids: { msgId: string; requestId: string }, userId: string) {
  const { key, cardType, selected, accepted, isMenu } = press
  const answer = isMenu ? {} : { selected, accepted }
  return { ...ids, userId, key, cardType, ...answer, at: press.pressedAt.toISOString() }
}
