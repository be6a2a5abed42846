import { UsageError } from '../command/command.ts'
import { commandLanguage, said } from '../command/language.ts'
import { anyId, choice, integer, integerOr, toggle } from '../command/parts.ts'
import { table, when } from '../command/text.ts'
import type { Core } from '../core.ts'
import { formatCount } from '../format.ts'
import type { Queue } from '../queue/queue.ts'
import type { Words } from '../words.ts'
import { eventStates } from './event-list-store.ts'
import type { Pushes } from './pushes.ts'
import { replayChosen } from './replay.ts'

// What commands about the pushes of agents and of official accounts have in common.

export const listParts = {
  state: choice('--state <state>', { zh: '只看某种状态', en: 'only in this state' }, eventStates),
  limit: integerOr(20, '--limit <n>', { zh: '几条', en: 'how many' }, { min: 1, max: 1000 }),
}
export const replayParts = {
  id: integer('[id]', { zh: '推送编号', en: 'push ID' }, anyId),
  parked: toggle('--parked', { zh: '全部搁置的推送', en: 'all parked pushes' }),
}

const states = {
  pending: { zh: '待处理', en: 'open' },
  done: { zh: '已处理', en: 'settled' },
  parked: { zh: '搁置', en: 'parked' },
} as const
type State = keyof typeof states

/** `head` stands above whose acts the pushes were. */
export async function listed<O, P extends string>(
  ctx: Core,
  { pushesOf, person }: Pushes<O, P>,
  of: O,
  { state, limit }: { state: State | undefined; limit: number },
  head: Words | string,
) {
  const data = await pushesOf(ctx.db, of, { state: state && [state] }, commandLanguage(), {
    limit,
    offset: 0,
  })
  const rows = data.map(one => [
    ...[one.id, when(one.receivedAt), one.kind, one[person]],
    ...[states[one.state], one.attempts, one.error],
  ])
  return {
    data,
    text: table(
      [
        { zh: '编号', en: 'ID' },
        { zh: '收到', en: 'Received' },
        { zh: '类型', en: 'Type' },
        head,
        { zh: '状态', en: 'State' },
        { zh: '次数', en: 'Times' },
        { zh: '说明', en: 'Explanation' },
      ],
      rows,
      { zh: '没有推送', en: 'no pushes' },
    ),
  }
}

/** Throws UsageError unless either a number or all parked ones are given. */
export async function replayed<O, P extends string>(
  ctx: Core & { queue: Queue },
  { pushReplay, replayParked }: Pushes<O, P>,
  actor: string,
  of: O,
  { id, parked }: { id: number | undefined; parked: boolean },
) {
  if ((id === undefined) !== parked)
    throw new UsageError({
      zh: '推送编号与 --parked 须给出且只给出一个',
      en: 'give one of the push ID and --parked',
    })
  const count =
    id === undefined
      ? await replayParked(ctx, actor, of)
      : await replayChosen(ctx, pushReplay(ctx, actor, of), [id])
  return {
    data: { count },
    text: said({
      zh: `将重新处理 ${formatCount(count)} 条推送`,
      en: `${formatCount(count)} pushes are processed again`,
    }),
  }
}
