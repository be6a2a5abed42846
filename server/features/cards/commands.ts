import { operator } from '../../callers/developers/operator.ts'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import { actor } from '../../platform/command/actor.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
import { list, requiredText, text } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { formatCount } from '../../platform/format.ts'
import { findOfCorp } from '../messages/fate/status.ts'
import { countUpdatable, shownAnswers } from './answers/answers.ts'
import { type RemindNeeds, remindOfCard } from './answers/remind.ts'
import { chosenIn, pressedIn, tallyOf } from './answers/tally.ts'
import { cardCountsOf, remindersOf } from './card-api.ts'
import { updateCards } from './update-card.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

const id = requiredText('<msgId>', { zh: '消息 id', en: 'message id' })
const namedAtMost = 1000

const show = directoryCommand({
  path: 'message card show',
  point: 'message:read',
  summary: {
    zh: '卡片的回答: 各按钮与选项的人数，谁回答了什么，谁没有回答',
    en: 'Show the responses to a card: counts of each button and option, who responded what, and who did not',
  },
  parts: { id, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    await ctx.mirrors.load(corpId)
    const view = viewOf(ctx, operator(corpId))
    const answers = await shownAnswers(ctx, view, id)
    const { card } = answers.asked.content
    const counts = cardCountsOf(answers)
    const tally = tallyOf(answers)
    const answered = answers.answered.map(({ person: { userId }, answer }) => ({
      userId,
      key: answer.key,
      selected: answer.selected,
      accepted: answer.accepted,
      at: answer.pressedAt.toISOString(),
      words: [pressedIn(card, answer.key), chosenIn(card, answer)]
        .filter(Boolean)
        .join(said({ zh: '：', en: ': ' })),
    }))
    const { updatable } = await countUpdatable(ctx, view, answers.asked)
    const unanswered = answers.unanswered.map(one => one.person.userId)
    const data = {
      msgId: answers.asked.message.id,
      counts,
      ...tally,
      updatable,
      reminders: remindersOf(answers),
      answered: answered.map(({ words: _, ...one }) => one),
      unanswered,
    }
    const chosen = [
      ...tally.keys.map(one => [one.text, '', one.persons] as const),
      ...tally.questions.flatMap(one =>
        one.options.map(option => [one.title, option.text, option.persons] as const),
      ),
    ]
    return { data, text: shownText({ counts, updatable, chosen, answered, unanswered }) }
  },
})

type CardText = {
  counts: ReturnType<typeof cardCountsOf>
  updatable: number
  chosen: readonly (readonly [title: string, option: string, persons: number])[]
  answered: readonly { userId: string; words: string; accepted: boolean; at: string }[]
  unanswered: readonly string[]
}

function shownText({ counts, updatable, chosen, answered, unanswered }: CardText): string {
  const words = [
    facts([
      [
        { zh: '收到', en: 'Received by' },
        {
          zh: `${formatCount(counts.receivers)} 人，已回答 ${formatCount(counts.answered)}，未回答 ${formatCount(counts.unanswered)}`,
          en: `${formatCount(counts.receivers)} members, ${formatCount(counts.answered)} responded, ${formatCount(counts.unanswered)} did not`,
        },
      ],
      [
        { zh: '还能更新', en: 'Can be updated' },
        { zh: `${formatCount(updatable)} 人的卡片`, en: `cards of ${formatCount(updatable)} members` },
      ],
    ]),
    table(
      [
        { zh: '按钮或问题', en: 'Button or question' },
        { zh: '选项', en: 'Option' },
        { zh: '人数', en: 'Members' },
      ],
      chosen.map(row => [...row]),
    ),
    table(
      [
        { zh: '成员', en: 'Member' },
        { zh: '回答', en: 'Response' },
        { zh: '有效', en: 'valid' },
        { zh: '时间', en: 'Time' },
      ],
      answered.map(one => [
        one.userId,
        one.words,
        one.accepted ? said({ zh: '是', en: 'yes' }) : said({ zh: '否', en: 'no' }),
        when(new Date(one.at)),
      ]),
      { zh: '还没有人回答', en: 'no responses yet' },
    ),
    unanswered.length > 0
      ? said({
          zh: `未回答：${unanswered.slice(0, namedAtMost).join(' ')}`,
          en: `not responded: ${unanswered.slice(0, namedAtMost).join(' ')}`,
        })
      : said({ zh: '所有人都已回答', en: 'everyone has responded' }),
  ]
  return words.join('\n\n')
}

const remind = directoryCommand({
  path: 'message card remind',
  point: 'message:send',
  summary: {
    zh: '提醒未回答的人: 把同一张卡片再发给他们，由节点发送',
    en: 'Remind those who have not responded: a node sends them the same card again',
  },
  parts: { id, corp: corpPart },
  async run(ctx: RemindNeeds, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    await ctx.mirrors.load(corpId)
    const data = await remindOfCard(ctx, await findOfCorp(ctx, corpId, id), actor)
    return {
      data,
      text: said({
        zh: `已提醒 ${formatCount(data.receivers)} 人，消息 ${data.msgId}`,
        en: `reminded ${formatCount(data.receivers)} members by the message ${data.msgId}`,
      }),
    }
  },
})

const update = directoryCommand({
  path: 'message card update',
  point: 'message:send',
  summary: { zh: '更新已发出的卡片的按钮', en: 'Update the buttons of a card that was sent' },
  parts: {
    id,
    corp: corpPart,
    replaceName: text('--replace-name <text>', {
      zh: '按钮变灰后的文字',
      en: 'text of the button once it is grey',
    }),
    userIds: list('--users <userIds>', {
      zh: '只更新这些成员的，逗号分隔',
      en: 'only the cards of these members, separated by commas',
    }),
  },
  async run(ctx: Needs, { id, corp, replaceName, userIds = [] }) {
    const corpId = corpOf(ctx, corp)
    await ctx.mirrors.load(corpId)
    const message = await findOfCorp(ctx, corpId, id)
    const by = { actor, language: 'zh' as const }
    const data = await updateCards(ctx, viewOf(ctx, operator(corpId)), message, { userIds, replaceName }, by)
    const failed = table(
      [
        { zh: '成员', en: 'Member' },
        { zh: '原因', en: 'Reason' },
      ],
      data.failed.map(one => [one.userId, one.reason]),
      { zh: '没有失败的', en: 'none failed' },
    )
    return {
      data,
      text: said({
        zh: `已更新 ${formatCount(data.updated)} 人的卡片\n\n${failed}`,
        en: `updated the cards of ${formatCount(data.updated)} members\n\n${failed}`,
      }),
    }
  },
})

export const cardCommands = [show, remind, update]
