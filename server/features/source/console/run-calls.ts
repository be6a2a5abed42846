import { Type } from 'typebox'
import { allDepartments } from '../../../organisation/directory/store.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalInteger, optionalText } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId, several } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf } from '../../../platform/words.ts'
import { changeKinds } from '../plan/changes.ts'
import { departmentsOf } from '../plan/fields.ts'
import { type ApproveNeeds, approveRun, knownRun, refuseRun } from '../runs/approve-run.ts'
import { countRuns, type RunRow, rowsOfRun, runsOf } from '../runs/run-store.ts'
import { undoRun } from '../runs/undo-run.ts'
import { knownSource } from '../set-source.ts'
import { rowSchema, rowView, runSchema, runView } from '../view.ts'

const access = administrator('super')
const id = requiredId('运行编号')

export const listRuns = pageCall({
  method: 'GET',
  path: '/web/directory/sources/runs',
  access,
  point: 'directory:source',
  input: { sourceId: requiredId('人事源编号'), ...paging },
  output: Type.Object({ list: Type.Array(runSchema), total: Type.Number() }),
  async handle({ db }: Core, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const source = await knownSource(db, corpId, input.sourceId)
    const list = []
    for (const run of await runsOf(db, corpId, source.id, pageOf(input)))
      list.push(await runView(db, run, language))
    return { list, total: await countRuns(db, corpId, source.id) }
  },
})

export const showRun = pageCall({
  method: 'GET',
  path: '/web/directory/sources/run',
  access,
  point: 'directory:source',
  input: { id },
  output: runSchema,
  handle: async ({ db }: Core, { input, corpId, request }) =>
    runView(db, await knownRun(db, corpId, input.id), languageOf(request.headers['accept-language'])),
})

const kinds = [...changeKinds, 'problem'] as const
const states = ['shown', 'waits', 'sending', 'done', 'failed', 'overtaken'] as const

/** Rows of a run; departments that there are have their names beside their ids. */
export const listRows = pageCall({
  method: 'GET',
  path: '/web/directory/sources/rows',
  access,
  point: 'directory:source',
  input: {
    id,
    kind: several('做什么', kinds),
    state: several('结果', states),
    text: optionalText('账号、姓名或工号', { max: 64 }),
    ...paging,
  },
  output: Type.Object({ list: Type.Array(rowSchema), total: Type.Number() }),
  async handle({ db }: Core, { input, corpId, request }) {
    const run = await knownRun(db, corpId, input.id)
    const filter = { kinds: input.kind, states: input.state, text: input.text }
    const { list, total } = await rowsOfRun(db, run, filter, pageOf(input))
    const names = await namesFor(db, corpId, run.id, list)
    const language = languageOf(request.headers['accept-language'])
    const shown = list.map(row => {
      const view = rowView(row, language)
      const named = (text: string) =>
        departmentsOf(text)
          .map(one => names.get(one) ?? String(one))
          .join('、')
      return {
        ...view,
        fields: view.fields.map(one =>
          one.field === 'departments' || one.field === 'parent'
            ? { ...one, before: named(one.before), after: named(one.after) }
            : one,
        ),
      }
    })
    return { list: shown, total }
  },
})

/** Of departments that there are, and of those that the run makes. */
async function namesFor(
  db: Core['db'],
  corpId: string,
  runId: number,
  rows: readonly RunRow[],
): Promise<Map<number, string>> {
  if (!rows.some(one => one.fields.departments || one.fields.parent)) return new Map()
  const made = await rowsOfRun(db, { corpId, id: runId }, { kinds: ['department-add'] }, { limit: 30_000 })
  return new Map([
    ...(await allDepartments(db, corpId)).map(one => [one.id, one.name] as const),
    ...made.list.map(one => [one.departmentId ?? 0, one.name] as const),
  ])
}

export const approveRunCall = pageCall({
  method: 'POST',
  path: '/web/directory/sources/approve',
  access,
  point: 'directory:write',
  input: { id, leavers: optionalInteger('离职人数；离职过多时必填', { min: 0, max: 10_000_000 }) },
  output: Type.Object({}),
  async handle(ctx: ApproveNeeds, { input, corpId, visitor }) {
    await approveRun(ctx, visitor.actor, corpId, input.id, { leavers: input.leavers })
    return {}
  },
})

export const refuseRunCall = pageCall({
  method: 'POST',
  path: '/web/directory/sources/refuse',
  access,
  point: 'directory:write',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: Core, { input, corpId, visitor }) {
    await refuseRun(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

export const undoRunCall = pageCall({
  method: 'POST',
  path: '/web/directory/sources/undo',
  access,
  point: 'directory:write',
  input: { id },
  output: Type.Object({ runId: Type.Number() }),
  handle: async (ctx: Core, { input, corpId, visitor }) => ({
    runId: await undoRun(ctx, visitor.actor, corpId, input.id),
  }),
})
