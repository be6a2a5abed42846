import { type Static, Type } from 'typebox'
import { operator } from '../../callers/developers/operator.ts'
import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { type View, viewOf } from '../../organisation/directory/read/view.ts'
import { recordExport } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { sendCsv } from '../../platform/http/answers/csv.ts'
import { choice, optionalChoice, text } from '../../platform/http/input.ts'
import { onPage, paging } from '../../platform/http/list-input.ts'
import { fileSchema } from '../../platform/http/output.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../platform/words.ts'
import type { CardChange } from '../../upstream/wecom/cards/card-reply.ts'
import type { TemplateCard } from '../../upstream/wecom/cards/template-card.ts'
import type { MessageRow } from '../channels/part.ts'
import { isRefusedWhole, partsOf } from '../messages/fate/fate-store.ts'
import { findOfCorp } from '../messages/fate/status.ts'
import { countUpdatable, type Respondent, shownAnswers } from './answers/answers.ts'
import { leftNames } from './answers/left-names-store.ts'
import { obstacleOf, type RemindNeeds, remindableAt, remindOfCard } from './answers/remind.ts'
import { chosenIn, pressedIn, tallyOf, tallySchema } from './answers/tally.ts'
import { cardCountsOf, cardCountsSchema, remindersOf, updateInput } from './card-api.ts'
import { cardSamples } from './samples.ts'
import { updateAnswerSchema, updateCards } from './update-card.ts'

const msgId = text('消息 id', { max: 64 })
const cardSchema = Type.Unsafe<TemplateCard>(Type.Record(Type.String(), Type.Unknown()))
const changeSchema = Type.Unsafe<Partial<{ replaceName: string; card: TemplateCard; replaceText: string }>>(
  Type.Record(Type.String(), Type.Unknown()),
)
const given = (change: CardChange | undefined) => ({ ...change })

export const listCardSamples = pageCall({
  method: 'GET',
  path: '/web/messages/card/samples',
  access: administrator('super'),
  point: 'message:send',
  input: {},
  output: Type.Object({
    samples: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        about: Type.String(),
        isNotice: Type.Boolean(),
        card: cardSchema,
        onPress: changeSchema,
        firstPressWins: Type.Boolean(),
      }),
    ),
  }),
  async handle(_ctx: Core, { request }) {
    const language = languageOf(request.headers['accept-language'])
    const samples = cardSamples.map(one => ({
      ...one,
      name: wordsIn(language, one.name),
      about: wordsIn(language, one.about),
      onPress: given(one.onPress),
    }))
    return { samples }
  },
})

const answerRowSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  departments: Type.String(),
  isAnswered: Type.Boolean(),
  key: Type.String(),
  /** What stands on the button that was pressed. */
  text: Type.String(),
  selected: Type.Array(Type.Object({ questionKey: Type.String(), optionIds: Type.Array(Type.String()) })),
  /** What was chosen, in the card's words. */
  chosen: Type.String(),
  isAccepted: Type.Boolean(),
  at: Type.String(),
  hasLeft: Type.Boolean(),
})
export type AnswerRow = Static<typeof answerRowSchema>

const firstSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  key: Type.String(),
  text: Type.String(),
  at: Type.String(),
})

const { keys, questions, menu } = tallySchema
const cardAnswersSchema = Type.Object({
  msgId: Type.String(),
  cardType: Type.String(),
  agentName: Type.String(),
  card: cardSchema,
  onPress: changeSchema,
  firstPressWins: Type.Boolean(),
  /** When it was taken back; '' for a card that was not. */
  recalledAt: Type.String(),
  counts: cardCountsSchema,
  /** Who pressed first, where that ends it. */
  first: Type.Union([firstSchema, Type.Null()]),
  keys,
  questions,
  menu,
  reminders: Type.Array(Type.Object({ msgId: Type.String(), at: Type.String(), receivers: Type.Number() })),
  canRemind: Type.Boolean(),
  /** Why nobody can be reminded; '' when somebody can. */
  whyNotRemind: Type.String(),
  /** When people may be reminded again; '' for now. */
  remindableAt: Type.String(),
  /** How many people's cards can still be changed. */
  updatable: Type.Number(),
  /** When the last of them cannot be any more; '' where there is none. */
  updatableUntil: Type.String(),
  list: Type.Array(answerRowSchema),
  total: Type.Number(),
})
export type CardAnswers = Static<typeof cardAnswersSchema>

export const cardAnswers = pageCall({
  method: 'GET',
  path: '/web/messages/card/answers',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: { msgId, ...paging, state: choice('已回答或未回答', ['answered', 'unanswered']) },
  output: cardAnswersSchema,
  async handle(
    ctx: Core & { corps: Corps; mirrors: Mirrors },
    { input, corpId, request },
  ): Promise<CardAnswers> {
    const language = languageOf(request.headers['accept-language'])
    const view = viewOf(ctx, operator(corpId))
    const answers = await shownAnswers(ctx, view, input.msgId)
    const { asked, first } = answers
    const { card, onPress, firstPressWins } = asked.content
    const obstacle = obstacleOf(answers, ctx.now(), zoneOf(ctx, corpId))
    const shown: readonly Respondent[] = onPage<Respondent>(answers[input.state], input)
    const rows = await rowsOf(
      ctx,
      view,
      card,
      first ? [...shown, { ...first, receiver: nobody, answer: first.press }] : shown,
    )
    const firstRow = first ? rows.pop() : undefined
    return {
      msgId: asked.message.id,
      cardType: asked.card.cardType,
      agentName: asked.message.agentName,
      card,
      onPress: given(onPress),
      firstPressWins,
      recalledAt: await recalledAtOf(ctx, asked.message),
      counts: cardCountsOf(answers),
      first: firstRow ?? null,
      ...tallyOf(answers),
      reminders: remindersOf(answers),
      canRemind: obstacle === undefined,
      whyNotRemind: obstacle?.reasonIn(language) ?? '',
      remindableAt: remindableAt(asked, ctx.now())?.toISOString() ?? '',
      ...(await countUpdatable(ctx, view, asked)),
      list: rows,
      total: answers[input.state].length,
    }
  },
})

/** A message that was never accepted has the mark of a recalled one. */
async function recalledAtOf(ctx: Core, message: MessageRow): Promise<string> {
  if (message.recalledAt === null || isRefusedWhole(await partsOf(ctx.db, message))) return ''
  return message.recalledAt.toISOString()
}

const nobody = { id: '', userId: '', memberId: null }

/** With the names of those who left. */
async function rowsOf(
  ctx: Core,
  view: View,
  card: TemplateCard,
  shown: readonly Respondent[],
): Promise<AnswerRow[]> {
  const gone = shown.filter(one => !one.person.core)
  const names = await leftNames(
    ctx.db,
    view.mirror.corpId,
    gone.flatMap(({ answer, receiver }) => answer?.memberId ?? receiver.memberId ?? []),
  )
  return shown.map(one => rowOf(view, card, one, names))
}

function rowOf(
  { tree }: View,
  card: TemplateCard,
  { receiver, person: { userId, core }, answer }: Respondent,
  names: ReadonlyMap<number, string>,
): AnswerRow {
  const memberId = answer?.memberId ?? receiver.memberId
  const departments = core?.departments.flatMap(id => tree.get(id)?.department.name ?? []) ?? []
  return {
    userId,
    userName: core?.name ?? (memberId === null ? '' : (names.get(memberId) ?? '')),
    departments: departments.join('、'),
    isAnswered: answer !== undefined,
    key: answer?.key ?? '',
    text: answer ? pressedIn(card, answer.key) : '',
    selected: (answer?.selected ?? []).map(one => ({ ...one, optionIds: [...one.optionIds] })),
    chosen: answer ? chosenIn(card, answer) : '',
    isAccepted: answer?.accepted ?? false,
    at: answer?.pressedAt.toISOString() ?? '',
    hasLeft: core === undefined,
  }
}

const heads = {
  zh: ['成员', '姓名', '部门', '状态', '按钮', '选择', '是否有效', '时间'],
  en: ['Member', 'Name', 'Departments', 'State', 'Button', 'Chosen', 'Counts', 'Time'],
} as const
const words = {
  zh: { answered: '已回答', unanswered: '未回答', yes: '是', no: '否' },
  en: { answered: 'Answered', unanswered: 'Not answered', yes: 'yes', no: 'no' },
} as const

/** Everybody who was asked, those who answered first. */
export const exportCardAnswers = pageCall({
  method: 'GET',
  path: '/web/messages/card/export',
  access: administrator('super'),
  point: 'message:export',
  directory: true,
  input: { msgId, language: optionalChoice('列名的语言', ['zh', 'en']) },
  output: fileSchema,
  async handle(ctx: Core & { mirrors: Mirrors }, { input, visitor, corpId, reply }) {
    const language = input.language ?? 'zh'
    const view = viewOf(ctx, operator(corpId))
    const answers = await shownAnswers(ctx, view, input.msgId)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'cardAnswers', input })
    const { card } = answers.asked.content
    const own = words[language]
    return sendCsv(reply, {
      name: 'card-answers',
      head: heads[language],
      chunks: chunksOf([...answers.answered, ...answers.unanswered], shown => rowsOf(ctx, view, card, shown)),
      cells: row => [
        row.userId,
        row.userName,
        row.departments,
        row.isAnswered ? own.answered : own.unanswered,
        row.text,
        row.chosen,
        row.isAnswered ? (row.isAccepted ? own.yes : own.no) : '',
        row.at,
      ],
    })
  },
})

const rowsAtOnce = 1000

async function* chunksOf<T, R>(list: readonly T[], read: (some: readonly T[]) => Promise<R[]>) {
  for (let at = 0; at < list.length; at += rowsAtOnce) yield await read(list.slice(at, at + rowsAtOnce))
}

export const remindOfCardCall = pageCall({
  method: 'POST',
  path: '/web/messages/card/remind',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  input: { msgId },
  output: Type.Object({ msgId: Type.String(), receivers: Type.Number() }),
  async handle(ctx: RemindNeeds, { input, visitor, corpId }) {
    const message = await findOfCorp(ctx, corpId, input.msgId)
    return remindOfCard(ctx, message, visitor.actor)
  },
})

export const updateCardCall = pageCall({
  method: 'POST',
  path: '/web/messages/card/update',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  input: updateInput,
  output: updateAnswerSchema,
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { input, visitor, corpId, request }) {
    const message = await findOfCorp(ctx, corpId, input.msgId)
    const by = { actor: visitor.actor, language: languageOf(request.headers['accept-language']) }
    return updateCards(ctx, viewOf(ctx, operator(corpId)), message, input, by)
  },
})
