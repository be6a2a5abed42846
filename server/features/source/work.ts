import { isOn } from '../../organisation/corps/features/check-on.ts'
import { failureWords } from '../../organisation/sync/failure.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { ActiveTask, Queue } from '../../platform/queue/queue.ts'
import { enqueueEach, holdLease } from '../../platform/queue/queue-store.ts'
import { spreadOver } from '../../platform/queue/spread.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import { type Words, wordsToStore } from '../../platform/words.ts'
import { checkSameColumns } from './read/columns.ts'
import { readSource } from './read/read-source.ts'
import { approveRun, isAutomatic, previewHours } from './runs/approve-run.ts'
import { makeDeletions } from './runs/make-deletions.ts'
import { makePreview } from './runs/make-preview.ts'
import { isReadBack } from './runs/read-back.ts'
import { expirePreviews, runToWrite } from './runs/run-store.ts'
import { type WriteNeeds, writeRun } from './runs/write-run.ts'
import { nextByPlan } from './set-source.ts'
import { corpsWithDisabled, putRead, type SourceRow, sourcesOf } from './source-store.ts'
import { sourceStream } from './stream.ts'

export type SourceWorkNeeds = WriteNeeds & { outbound: Outbound; queue: Queue }

/** Corps at a time; writing waits for WeCom most of the time. */
const tasksAtOnce = 3
const dayMs = 86_400_000
/** How often it is looked whether the address book has what was written. */
const readBackMs = 2000
/** By whom things are done that the plan does. */
export const byPlan = 'wisp'

export function handleSources(ctx: SourceWorkNeeds): void {
  ctx.queue.handle({
    name: sourceStream,
    atOnce: tasksAtOnce,
    isBackground: true,
    async work(held) {
      if (!ctx.corps.find(held.corpId)) return undefined
      return ctx.mirrors.during(held.corpId, () => workOnSources(ctx, held))
    },
  })
}

/** Reads what is due, then writes what is approved. Returns when something is due again. */
export async function workOnSources(ctx: SourceWorkNeeds, held: ActiveTask): Promise<Date | undefined> {
  const { corpId } = held
  held.reset()
  const writing = await runToWrite(ctx.db, corpId)
  const isBack = await isReadBack(ctx, corpId)
  for (const source of isBack ? await sourcesOf(ctx.db, corpId) : []) {
    if (held.signal.aborted) break
    // While its run goes on, the address book has half of it.
    if (source.id === writing?.sourceId && writing.failingSince === null) continue
    if (isDue(source, ctx.now()) && isOn(ctx, corpId, 'people-source')) await readDue(ctx, held, source)
  }
  const run = await runToWrite(ctx.db, corpId)
  const again = run && (await writeRun(ctx, held, run))
  const more = run && !again && (await runToWrite(ctx.db, corpId))
  const times = (await sourcesOf(ctx.db, corpId)).flatMap(one =>
    [one.nextAt, one.askedAt].filter(at => at !== null),
  )
  const soon = new Date(ctx.now() + readBackMs)
  const next = [
    ...times.map(at => (isBack || at > soon ? at : soon)),
    ...(again ? [again] : []),
    ...(more ? [new Date(ctx.now())] : []),
  ]
  return next.length > 0 ? new Date(Math.min(...next.map(Number))) : undefined
}

const isDue = ({ askedAt, nextAt }: SourceRow, now: number): boolean =>
  [askedAt, nextAt].some(at => at !== null && at.getTime() <= now)

/** Makes a preview of a source, and has it written where that needs nobody. A source that cannot be read changes nothing. */
async function readDue(ctx: SourceWorkNeeds, held: ActiveTask, source: SourceRow): Promise<void> {
  const { corpId, id } = source
  const nextAt = nextByPlan(ctx, corpId, source.settings)
  try {
    const reading = await readSource(ctx, source)
    checkSameColumns(source.columns, reading.columns)
    const { runId, counts, isEmpty } = await makePreview(ctx, source, reading, { actor: byPlan, nextAt })
    if (!isEmpty && isAutomatic(source, counts)) await approveRun(ctx, byPlan, corpId, runId)
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof OutboundRefused)) throw error
    await ctx.db.transaction().execute(async tx => {
      await putRead(
        tx,
        { corpId, id },
        { at: new Date(ctx.now()), nextAt, failure: wordsToStore(whyNot(error)) },
      )
      await checkAlerts(ctx, tx, corpId)
      await holdLease(tx, held.lease)
    })
  }
}

const whyNot = (error: Error): Words => (error instanceof OutboundRefused ? error.words : failureWords(error))

/** Each night: deletes those who were disabled long enough ago, and ends previews that are too old. */
export function scheduleSources(ctx: SourceWorkNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule(sourceStream, '40 3 * * *', () => lookAtNight(ctx))
}

export async function lookAtNight(ctx: SourceWorkNeeds): Promise<void> {
  const now = ctx.now()
  const old = { zh: `预览超过 ${previewHours} 小时`, en: `the preview is older than ${previewHours} hours` }
  await expirePreviews(ctx.db, new Date(now - previewHours * 3_600_000), wordsToStore(old), new Date(now))
  const due: string[] = []
  for (const { corpId, sourceId } of await corpsWithDisabled(ctx.db, new Date(now - dayMs)))
    if (isOn(ctx, corpId, 'people-source') && (await makeDeletions(ctx, corpId, sourceId))) due.push(corpId)
  const tasks = spreadOver(due, now, { eachMs: 2000, atMostMs: 600_000 })
  if (tasks.length > 0)
    await enqueueEach(
      ctx.db,
      tasks.map(({ name, dueAt }) => ({ corpId: name, stream: sourceStream, key: '', dueAt })),
    )
}
