/**
 * A command never starts its queue and its dispatcher, so it takes no task and sends no message with the environment of a
 * shell. With `--here`, and only while no node is running, it starts them for the part that was asked for.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import type { Queue } from '../queue/queue.ts'
import { hasWaiting, type QueuePart } from '../queue/queue-store.ts'
import { aliveNodes } from '../storage/alive-nodes.ts'
import type { Words } from '../words.ts'
import { type Io, UsageError } from './command.ts'
import { said } from './language.ts'
import { toggle } from './parts.ts'

/**
 * Work that becomes due is a node's. A command has the environment of somebody's shell (other addresses, another trusted IP,
 * another clock), so it enqueues and follows; only where no node is alive, and `--here` says so, does it work itself.
 */
export const here = toggle('--here', {
  zh: '没有节点在运行时，由这个命令自己执行到结束',
  en: 'if no node is running, let this command do the work to the end',
})

type Needs = Core & { queue: Queue }
type WorkOptions = { here: boolean; wait: boolean }

/** Whoever was to do the work is not there: a node, or with `--here` nobody but this command. */
export class NodeMissing extends Error {
  readonly words: Words
  constructor(words: Words) {
    super(words.zh)
    this.words = words
  }
}

const noNode = { zh: '没有正在运行的节点', en: 'no node is running' }

/**
 * Call it before anything is written. With `here` it begins to work on this part of the queue. Throws NodeMissing when nobody would
 * do what is waited for, or a node would although `here` was given.
 */
export async function expectNode(ctx: Needs, part: QueuePart, asked: WorkOptions, io: Io): Promise<void> {
  if (await mayFollow(ctx, part, asked, io)) return
  if (asked.wait)
    throw new NodeMissing({
      zh: `${noNode.zh}，没有开始。请启动节点后再试，或加 --here 由这个命令执行`,
      en: `${noNode.en}, nothing has begun. Start a node and try again, or add --here so that this command does it`,
    })
}

/**
 * The same for a command that has more to do than this work: without a node it goes on, and what is queued waits. Returns whether the
 * command may wait for the end of the work.
 */
export async function mayFollow(
  ctx: Needs,
  part: QueuePart,
  { here, wait }: WorkOptions,
  io: Io,
): Promise<boolean> {
  if (here && !wait)
    throw new UsageError({
      zh: '--here 会执行到结束，不能与 --no-wait 同用',
      en: '--here works to the end and excludes --no-wait',
    })
  const nodes = await aliveNodes(ctx.db)
  if (!here) return wait && nodes.length > 0
  if (nodes.length > 0)
    throw new NodeMissing({
      zh: `有 ${nodes.length} 个节点在运行，由节点执行；请去掉 --here`,
      en: `the work is done by the running nodes (${nodes.length}): leave out --here`,
    })
  io.note(said({ zh: `${noNode.zh}，由这个命令执行`, en: `${noNode.en}, this command does the work` }))
  ctx.queue.start(part)
  return true
}

const lookEveryMs = 200
const nodesEveryMs = 5000

/**
 * Looks until there is an end, and tells the progress. The work goes on when nobody waits any more, and waits when the last
 * node ends.
 */
export async function follow<T>(
  ctx: Core,
  io: Io,
  look: () => Promise<{ line?: string; end?: T }>,
  { here }: { here: boolean },
): Promise<T> {
  const signal = AbortSignal.any([io.signal, ctx.stopping])
  let noted = ''
  let nodesAt = performance.now()
  let isAlone = false
  for (;;) {
    const { line = noted, end } = await look()
    if (line !== noted) io.note(line)
    noted = line
    if (end !== undefined) return end
    if (!here && performance.now() - nodesAt >= nodesEveryMs) {
      nodesAt = performance.now()
      const wasAlone = isAlone
      isAlone = (await aliveNodes(ctx.db)).length === 0
      if (isAlone && !wasAlone)
        io.note(
          said({
            zh: `${noNode.zh}，等待节点启动；可以中断，已排队的工作不受影响`,
            en: `${noNode.en}, waiting for one to start; interrupting this does not affect queued work`,
          }),
        )
    }
    await delay(lookEveryMs, undefined, { signal })
  }
}

/** Says of a command that enqueued something which nobody works on that it waits. */
export async function noteWaiting(ctx: Core, since: Date, io: Io): Promise<void> {
  if (!(await hasWaiting(ctx.db, since, new Date(ctx.now())))) return
  if ((await aliveNodes(ctx.db)).length === 0)
    io.note(
      said({
        zh: `${noNode.zh}：已排队的工作在节点启动后执行`,
        en: `${noNode.en}: queued work begins when a node starts`,
      }),
    )
}
