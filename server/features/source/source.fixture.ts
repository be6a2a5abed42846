import type { World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { readSource } from './read/read-source.ts'
import { approveRun } from './runs/approve-run.ts'
import { makePreview } from './runs/make-preview.ts'
import { findRun, rowsOfRun } from './runs/run-store.ts'
import { addSource, knownSource, type SourceChange } from './set-source.ts'
import type { SourceKind } from './settings.ts'

export const csvOf = (lines: readonly (readonly string[])[]): Buffer =>
  Buffer.from(lines.map(cells => cells.join(',')).join('\n'))

export const header = ['工号', '姓名', '手机', '部门', '职务', '直属上级工号']

/** A source of a world, used as the pages use it. */
export type TestSource = ReturnType<typeof sourceOf>

export async function newSource(world: World, settings: SourceChange = {}, kind: SourceKind = 'file') {
  const { ctx, corpId } = world
  const id = await addSource(ctx, 'test', corpId, kind, { name: `人事 ${ctx.newId()}`, ...settings })
  return sourceOf(world, id)
}

function sourceOf(world: World, id: number) {
  const { ctx, corpId } = world
  const preview = async (lines?: readonly (readonly string[])[]) => {
    const source = await knownSource(ctx.db, corpId, id)
    const reading = await readSource(ctx, source, lines && csvOf([header, ...lines]))
    return makePreview(ctx, source, reading, { actor: 'test', nextAt: null })
  }
  const ended = async (runId: number) => {
    await until(`run ${runId} has ended`, async () => (await findRun(ctx.db, corpId, runId))?.endedAt != null)
    await world.settle()
  }
  const rows = async (runId: number, kinds?: readonly string[]) =>
    (await rowsOfRun(ctx.db, { corpId, id: runId }, { kinds }, { limit: 1000 })).list
  return {
    id,
    preview,
    ended,
    rows,
    run: (runId: number) => findRun(ctx.db, corpId, runId),
    approve: (runId: number, leavers?: number) => approveRun(ctx, 'test', corpId, runId, { leavers }),
    /** What the run did with each row, without rows that are only noted. */
    async results(runId: number) {
      const all = (await rows(runId)).filter(one => one.kind !== 'adopt' && one.kind !== 'department-adopt')
      return all.map(one => `${one.kind} ${one.userId || one.name} ${one.state}`)
    },
    /** Previews, approves and waits until all is written. Returns the run. */
    async write(lines?: readonly (readonly string[])[], leavers?: number) {
      const { runId } = await preview(lines)
      await approveRun(ctx, 'test', corpId, runId, { leavers })
      await ended(runId)
      return runId
    },
  }
}
