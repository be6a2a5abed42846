import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { operator, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import { exportable, exportCorp, fileNameOf } from '../export/export-corp.ts'
import { countRemovals, listRemovals, type Removal } from '../removal/removal-store.ts'
import { removeCorp } from '../removal/remove-corp.ts'
import { type CorpState, corpState, sumOf } from '../state.ts'
import { reasonAtMost, resumeCorp, suspendCorp } from '../suspend.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers; queue: Queue }

/** Not `corpId`, which pages send by themselves: the corp that the console shows is another matter. */
const ofCorp = text('哪个企业', { max: 64 })

const removalSchema = Type.Object({
  corpId: Type.String(),
  name: Type.String(),
  begunAt: time,
  begunBy: Type.String(),
  suspendedAt: time,
  suspendedReason: Type.String(),
  exportedAt: time,
  exportSha256: Type.String(),
  /** By table, the largest first. */
  rows: Type.Array(Type.Object({ table: Type.String(), count: Type.Number() })),
  endedAt: Type.Union([time, Type.Null()]),
})

const stateSchema = Type.Object({
  corpId: Type.String(),
  name: Type.String(),
  state: Type.Enum(['open', 'suspended', 'removing', 'removed']),
  suspension: Type.Union([Type.Object({ at: time, by: Type.String(), reason: Type.String() }), Type.Null()]),
  removableFrom: Type.Union([time, Type.Null()]),
  lastExport: Type.Union([
    Type.Object({
      exportedAt: time,
      exportedBy: Type.String(),
      sha256: Type.String(),
      bytes: Type.Number(),
      rows: Type.Number(),
    }),
    Type.Null(),
  ]),
  obstacles: Type.Array(Type.Object({ what: Type.String(), text: Type.String() })),
  removal: Type.Union([removalSchema, Type.Null()]),
  rowsToRemove: Type.Union([Type.Number(), Type.Null()]),
})

function removalView({ rows, ...removal }: Removal) {
  const tables = Object.entries(rows).map(([table, count]) => ({ table, count: Number(count) }))
  return { ...removal, rows: tables.sort((a, b) => b.count - a.count || a.table.localeCompare(b.table)) }
}

function stateView(state: CorpState, language: Language) {
  const { lastExport, obstacles, removal, suspension, rowsToRemove, ...rest } = state
  return {
    ...rest,
    suspension: suspension ?? null,
    lastExport: lastExport ? { ...lastExport, rows: sumOf(lastExport.rows) } : null,
    obstacles: obstacles.map(({ what, words }) => ({ what, text: wordsIn(language, words) })),
    removal: removal ? removalView(removal) : null,
    rowsToRemove: rowsToRemove ?? null,
  }
}

export const corpStateRead = pageCall({
  method: 'GET',
  path: '/web/corp-lifecycle/state',
  access: operator,
  point: 'operator:read',
  input: { ofCorp },
  output: stateSchema,
  async handle(ctx: Needs, { input, request }) {
    const language = languageOf(request.headers['accept-language'])
    return stateView(await corpState(ctx, input.ofCorp), language)
  },
})

export const corpSuspend = pageCall({
  method: 'POST',
  path: '/web/corp-lifecycle/suspend',
  access: operator,
  point: 'operator:edit',
  input: { ofCorp, reason: text('原因，企业的成员和开发者会看到', { max: reasonAtMost }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input: { ofCorp, reason }, visitor }) {
    await suspendCorp(ctx, visitor.actor, ofCorp, { reason })
    return {}
  },
})

export const corpResume = pageCall({
  method: 'POST',
  path: '/web/corp-lifecycle/resume',
  access: operator,
  point: 'operator:edit',
  input: { ofCorp },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    await resumeCorp(ctx, visitor.actor, input.ofCorp)
    return {}
  },
})

const stalledMs = 600_000

/** The file itself. It counts as an export when the browser has taken all of it. */
export const corpExportTake = pageCall({
  method: 'GET',
  path: '/web/corp-lifecycle/export',
  access: operator,
  point: 'operator:export',
  input: { ofCorp },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, reply, request }) {
    await exportable(ctx.db, input.ofCorp)
    const file = new PassThrough()
    // Whoever takes nothing for so long holds a transaction, and behind a pooler the only connection past it.
    reply.raw.setTimeout(stalledMs, () => reply.raw.destroy())
    reply
      .header('content-type', 'application/gzip')
      .header(
        'content-disposition',
        `attachment; filename="${fileNameOf(input.ofCorp, new Date(ctx.now()))}"`,
      )
      .header('x-content-type-options', 'nosniff')
      .send(file)
    const taken = async () => {
      file.end()
      await finished(reply.raw)
    }
    await exportCorp(ctx, visitor.actor, input.ofCorp, file, taken).catch(error => {
      ctx.log.warn({ requestId: request.id, ...describeError(error) }, 'corp not exported')
      // The browser sees that the file is not whole.
      file.destroy(error)
    })
    return reply
  },
})

export const corpDelete = pageCall({
  method: 'POST',
  path: '/web/corp-lifecycle/delete',
  access: operator,
  point: 'operator:delete',
  input: { ofCorp, confirm: text('再次输入企业 ID', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    await removeCorp(ctx, visitor.actor, input.ofCorp, input.confirm)
    return {}
  },
})

export const corpRemovals = pageCall({
  method: 'GET',
  path: '/web/corp-lifecycle/removals',
  access: operator,
  point: 'operator:read',
  input: paging,
  output: Type.Object({ list: Type.Array(removalSchema), total: Type.Number() }),
  async handle(ctx: Needs, { input }) {
    const [list, total] = await Promise.all([
      listRemovals(ctx.db, undefined, pageOf(input)),
      countRemovals(ctx.db),
    ])
    return { list: list.map(removalView), total }
  },
})
