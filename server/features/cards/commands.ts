import { operator } from '../../callers/developers/operator.ts'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import { actor } from '../../platform/command/actor.ts'
import { directoryCommand } from '../../platform/command/command.ts'
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

const id = requiredText('<msgId>', '消息 id')
const namedAtMost = 1000

const show = directoryCommand({
  path: 'message card show',
  point: 'message:read',
  summary: '卡片的回答: 各按钮与选项的人数，谁回答了什么，谁没有回答',
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
      words: [pressedIn(card, answer.key), chosenIn(card, answer)].filter(Boolean).join('：'),
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
    const words = [
      facts([
        [
          '收到',
          `${formatCount(counts.receivers)} 人，已回答 ${formatCount(counts.answered)}，未回答 ${formatCount(counts.unanswered)}`,
        ],
        ['还能更新', `${formatCount(updatable)} 人的卡片`],
      ]),
      table(
        ['按钮或问题', '选项', '人数'],
        chosen.map(row => [...row]),
      ),
      table(
        ['成员', '回答', '有效', '时间'],
        answered.map(one => [one.userId, one.words, one.accepted ? '是' : '否', when(new Date(one.at))]),
        '还没有人回答',
      ),
      unanswered.length > 0 ? `未回答：${unanswered.slice(0, namedAtMost).join(' ')}` : '所有人都已回答',
    ]
    return { data, text: words.join('\n\n') }
  },
})

const remind = directoryCommand({
  path: 'message card remind',
  point: 'message:send',
  summary: '提醒未回答的人: 把同一张卡片再发给他们，由节点发送',
  parts: { id, corp: corpPart },
  async run(ctx: RemindNeeds, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    await ctx.mirrors.load(corpId)
    const data = await remindOfCard(ctx, await findOfCorp(ctx, corpId, id), actor)
    return { data, text: `已提醒 ${formatCount(data.receivers)} 人，消息 ${data.msgId}` }
  },
})

const update = directoryCommand({
  path: 'message card update',
  point: 'message:send',
  summary: '更新已发出的卡片的按钮',
  parts: {
    id,
    corp: corpPart,
    replaceName: text('--replace-name <text>', '按钮变灰后的文字'),
    userIds: list('--users <userIds>', '只更新这些成员的，逗号分隔'),
  },
  async run(ctx: Needs, { id, corp, replaceName, userIds = [] }) {
    const corpId = corpOf(ctx, corp)
    await ctx.mirrors.load(corpId)
    const message = await findOfCorp(ctx, corpId, id)
    const by = { actor, language: 'zh' as const }
    const data = await updateCards(ctx, viewOf(ctx, operator(corpId)), message, { userIds, replaceName }, by)
    const failed = table(
      ['成员', '原因'],
      data.failed.map(one => [one.userId, one.reason]),
      '没有失败的',
    )
    return { data, text: `已更新 ${formatCount(data.updated)} 人的卡片\n\n${failed}` }
  },
})

export const cardCommands = [show, remind, update]
