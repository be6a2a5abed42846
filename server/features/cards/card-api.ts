import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import {
  optionalChoice,
  optionalIds,
  optionalInteger,
  optionalText,
  text,
} from '../../platform/http/input.ts'
import { languageOf } from '../../platform/words.ts'
import { replaceNameAtMost } from '../channels/wecom/cards/content.ts'
import { optionalJson } from '../channels/wecom/cards/fields.ts'
import { findOwn } from '../messages/fate/status.ts'
import { type Answers, answersOf, countUpdatable, type Respondent } from './answers/answers.ts'
import { type RemindNeeds, remindOfCard } from './answers/remind.ts'
import { tallyOf, tallySchema } from './answers/tally.ts'
import { selectedSchema } from './presses/events.ts'
import { updateAnswerSchema, updateCards } from './update-card.ts'

const about = (zh: string, en: string) => ({ about: { zh, en } })

const msgId = text({ zh: '消息 id', en: 'Id of the message' }, { max: 64 })
const states = ['answered', 'unanswered'] as const

export const cardCountsSchema = Type.Object({
  receivers: Type.Integer(about('收到的人数', 'How many people got it')),
  answered: Type.Integer(about('已回答的人数', 'How many of them have answered')),
  unanswered: Type.Integer(about('未回答的人数', 'How many have not')),
})

export function cardCountsOf({ answered, unanswered }: Answers) {
  return {
    receivers: answered.length + unanswered.length,
    answered: answered.length,
    unanswered: unanswered.length,
  }
}

const answerSchema = Type.Object({
  userId: Type.String(about('成员', 'The member')),
  key: Type.String(
    about('最近一次点击的 key；未回答为空', 'Key of the newest press; empty for who has not answered'),
  ),
  selected: selectedSchema,
  accepted: Type.Boolean(about('是否有效', 'Whether it counts')),
  at: Type.String(about('时间', 'When')),
})

const updateFields = {
  replaceName: optionalText(
    { zh: '按钮变灰后的文字，用于交互类卡片', en: 'What the grey buttons say, for interactive cards' },
    { max: replaceNameAtMost },
  ),
  card: optionalJson({
    zh: '换成的新卡片，可以是任何一种；与 replaceName 填一个',
    en: 'The card that takes its place, of any kind; either this or replaceName',
  }),
  replaceText: optionalText(
    {
      zh: '新卡片的按钮变灰后的文字，例如已提交',
      en: 'Makes the buttons of the new card grey with this text',
    },
    { max: replaceNameAtMost },
  ),
}

export const updateInput = {
  msgId,
  userIds: optionalIds(
    {
      zh: '只更新这些成员的卡片；不填为收到的所有人',
      en: 'Only the cards of these members; all who got it by default',
    },
    { max: 1000 },
  ),
  ...updateFields,
}

export const readCardAnswers = endpoint({
  methods: ['GET'],
  path: '/api/message/card',
  section: 'wisp',
  summary: { zh: '查询卡片的回答', en: 'Get the answers to a card' },
  description: {
    zh: '每人以最近一次有效的回答为准。keys、questions、menu 是各按钮、选项和菜单项的人数；list 按 state 分页：answered 已回答的人（新的在前），unanswered 未回答的人。数据范围以外的人不计入。',
    en: 'The newest answer of each person that counts. keys, questions and menu are how many people chose each button, option and line of the menu; list is a page of those who answered, new ones first, or with state unanswered of those who did not. People outside the data scope are left out.',
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: {
    msgId,
    state: optionalChoice(
      { zh: 'answered 已回答（默认）；unanswered 未回答', en: 'answered (the default) or unanswered' },
      states,
    ),
    pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 100_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 50', en: 'How many a page; 50 by default' },
      { min: 1, max: 1000 },
    ),
  },
  logged: ['msgId', 'state', 'pageNo', 'pageSize'],
  output: Type.Object({
    msgId: Type.String(
      about(
        '消息 id；提醒的 id 换成原消息的',
        'Id of the message; for a reminder, that of the message that it reminds of',
      ),
    ),
    cardType: Type.String(about('卡片类型', 'Kind of the card')),
    counts: cardCountsSchema,
    ...tallySchema,
    firstUserId: Type.String(
      about('firstPressWins：谁先回答；没有则为空', 'With firstPressWins, who answered first; else empty'),
    ),
    updatable: Type.Integer(about('还能更新多少人的卡片', "How many people's cards can still be changed")),
    reminders: Type.Array(
      Type.Object({
        msgId: Type.String(about('提醒的消息 id', 'Id of the reminder')),
        at: Type.String(about('时间', 'When')),
        receivers: Type.Integer(about('人数', 'To how many people')),
      }),
      about('提醒', 'Reminders'),
    ),
    list: Type.Array(answerSchema),
    total: Type.Integer(about('这一状态的总人数', 'How many people in this state')),
  }),
  errors: [],
  sample: {
    msgId: 'mZ3k9w…',
    cardType: 'button_interaction',
    counts: { receivers: 2, answered: 1, unanswered: 1 },
    keys: [
      { key: 'agree', text: '同意', persons: 1 },
      { key: 'reject', text: '驳回', persons: 0 },
    ],
    questions: [],
    menu: [],
    firstUserId: '',
    updatable: 2,
    reminders: [],
    list: [
      { userId: 'zhangsan', key: 'agree', selected: [], accepted: true, at: '2026-11-26T08:00:00.000Z' },
    ],
    total: 1,
  },
  sampleInput: { msgId: '{cardMsgId}' },
  async handle(ctx: Core & { mirrors: Mirrors }, { input, developer }) {
    const message = await findOwn(ctx, developer, input.msgId)
    const view = viewOf(ctx, developer)
    const answers = await answersOf(ctx, view, message)
    const { asked, first } = answers
    const { pageNo = 1, pageSize = 50, state = 'answered' } = input
    const rows: readonly Respondent[] = answers[state]
    return {
      msgId: asked.message.parentId ?? asked.message.id,
      cardType: asked.card.cardType,
      counts: cardCountsOf(answers),
      ...tallyOf(answers),
      firstUserId: first?.person.userId ?? '',
      updatable: (await countUpdatable(ctx, view, asked)).updatable,
      reminders: remindersOf(answers),
      list: rows.slice((pageNo - 1) * pageSize, pageNo * pageSize).map(rowOf),
      total: rows.length,
    }
  },
})

export function remindersOf({ asked: { sent } }: Answers) {
  return sent.slice(1).map(({ messageId, createdAt, receivers }) => ({
    msgId: messageId,
    at: createdAt.toISOString(),
    receivers,
  }))
}

function rowOf({ person, answer }: Respondent) {
  return {
    userId: person.userId,
    key: answer?.key ?? '',
    selected: (answer?.selected ?? []).map(one => ({ ...one, optionIds: [...one.optionIds] })),
    accepted: answer?.accepted ?? false,
    at: answer?.pressedAt.toISOString() ?? '',
  }
}

export const updateSentCard = endpoint({
  methods: ['POST'],
  path: '/api/message/card/update',
  section: 'wisp',
  summary: { zh: '更新已发出的卡片', en: 'Change a card that was sent' },
  description: {
    zh: '更新所有收到的人的卡片（包括提醒），或只更新 userIds 的。每次发送（最多 1000 人一次）有一个 code，每次点击又有一个，各能用一次，72 小时内有效；平台保存并选用合适的。要逐人多次更新时，发送时用 perPerson。没有 code 可用时返回 1000 并说明原因；部分成功时其余的在 failed 中。',
    en: 'Changes the cards of all who got them, reminders too, or only those of userIds. Each send (at most 1000 people at a time) has one code and each press another, good once within 72 hours; they are kept here, and the one that fits is used. Send with perPerson to change cards one by one. 1000 says why when no code is left; where only some could be changed, the others are in failed.',
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: updateInput,
  oneOf: [['replaceName'], ['card']],
  logged: ['msgId', 'userIds'],
  output: updateAnswerSchema,
  errors: ['messageCentre', 'upstream'],
  refusedIn: ({ invaliduser }) => (invaliduser === '' ? 0 : invaliduser.split('|').length),
  sample: { updated: 2, invaliduser: '', failed: [] },
  sampleInput: { msgId: '{cardMsgId}', replaceName: '已结束' },
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { input, developer, request }) {
    const message = await findOwn(ctx, developer, input.msgId)
    const language = languageOf(request.headers['accept-language'])
    const by = { actor: `developer:${developer.devId}`, language }
    return updateCards(ctx, viewOf(ctx, developer), message, input, by)
  },
})

export const remindOfSentCard = endpoint({
  methods: ['POST'],
  path: '/api/message/card/remind',
  section: 'wisp',
  summary: { zh: '提醒未回答的人', en: 'Remind those who have not answered' },
  description: {
    zh: '把同一张卡片作为新消息再发给还没有回答的人；他们的回答记在原消息上。同一张卡片 4 小时内只能提醒一次。',
    en: 'Sends the same card again, as a new message, to those who have not answered; their answers belong to the first message. Once within 4 hours for a card.',
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: { msgId },
  logged: ['msgId'],
  output: Type.Object({
    msgId: Type.String(about('提醒的消息 id', 'Id of the reminder')),
    receivers: Type.Integer(about('提醒了多少人', 'How many people are reminded')),
  }),
  errors: ['messageCentre'],
  sample: { msgId: 'pQ8v2x…', receivers: 3 },
  sampleInput: { msgId: '{cardMsgId}' },
  async handle(ctx: RemindNeeds, { input, developer }) {
    return remindOfCard(ctx, await findOwn(ctx, developer, input.msgId))
  },
})
