import { UsageError } from '../command/command.ts'
import { anyId, choice, integer, integerOr, toggle } from '../command/parts.ts'
import { table, when } from '../command/text.ts'
import type { Core } from '../core.ts'
import { formatCount } from '../format.ts'
import type { Queue } from '../queue/queue.ts'
import { eventStates } from './event-list-store.ts'
import type { Pushes } from './pushes.ts'
import { replayChosen } from './replay.ts'

// What commands about the pushes of agents and of official accounts have in common.

export const listParts = {
  state: choice('--state <state>', '只看某种状态', eventStates),
  limit: integerOr(20, '--limit <n>', '几条', { min: 1, max: 1000 }),
}
export const replayParts = {
  id: integer('[id]', '推送编号', anyId),
  parked: toggle('--parked', '全部搁置的推送'),
}

const states = { pending: '待处理', done: '已处理', parked: '搁置' } as const
type State = keyof typeof states

/** `head` stands above whose acts the pushes were. */
export async function listed<O, P extends string>(
  ctx: Core,
  { pushesOf, person }: Pushes<O, P>,
  of: O,
  { state, limit }: { state: State | undefined; limit: number },
  head: string,
) {
  const data = await pushesOf(ctx.db, of, { state: state && [state] }, 'zh', { limit, offset: 0 })
  const rows = data.map(one => [
    ...[one.id, when(one.receivedAt), one.kind, one[person]],
    ...[states[one.state], one.attempts, one.error],
  ])
  return { data, text: table(['编号', '收到', '类型', head, '状态', '次数', '说明'], rows, '没有推送') }
}

/** Throws UsageError unless either a number or all parked ones are given. */
export async function replayed<O, P extends string>(
  ctx: Core & { queue: Queue },
  { pushReplay, replayParked }: Pushes<O, P>,
  actor: string,
  of: O,
  { id, parked }: { id: number | undefined; parked: boolean },
) {
  if ((id === undefined) !== parked) throw new UsageError('推送编号与 --parked 须给出且只给出一个')
  const count =
    id === undefined
      ? await replayParked(ctx, actor, of)
      : await replayChosen(ctx, pushReplay(ctx, actor, of), [id])
  return { data: { count }, text: `将重新处理 ${formatCount(count)} 条推送` }
}
