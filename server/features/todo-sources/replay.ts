import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { ownTurn } from '../../platform/operation/own-turn.ts'
import { type ApplyNeeds, applyChange, readOne, valuesOf } from './apply/apply.ts'
import { flowOf } from './apply/flow.ts'
import { personsOf } from './apply/persons.ts'
import { lockFlows } from './apply/pushed-store.ts'
import type { Reader } from './apply/reader.ts'
import type { Sources } from './catalog.ts'
import { landrayReader } from './landray/read.ts'
import { NotUnderstood, type Reason } from './reason.ts'
import type { Item } from './receive/values.ts'
import { seeyonReader } from './seeyon/read.ts'
import type { SourceKind, SourceOfApp } from './source.ts'
import { keep } from './unrecognised/keep.ts'
import * as store from './unrecognised/store.ts'
import { weaverReader } from './weaver/read.ts'

export type ReplayNeeds = ApplyNeeds & { sources: Sources }

const readers: Record<SourceKind, Reader> = {
  weaver: weaverReader,
  seeyon: seeyonReader,
  landray: landrayReader,
}

/** `left`: still not understood, for whatever reason that is now. */
export type ReplayResult = { applied: number; left: number }

const atOnce = 100

/** Reads one again, after the address book, the app or the source has been corrected. Throws 1000 when there is no such one. */
export async function replayOne(
  ctx: ReplayNeeds,
  actor: string,
  corpId: string,
  id: number,
): Promise<ReplayResult> {
  const known = await store.findUnrecognised(ctx.db, corpId, id)
  if (!known) throw noUnrecognised(id)
  const isApplied = await replay(ctx, known)
  const done = { applied: isApplied ? 1 : 0, left: isApplied ? 0 : 1 }
  await note(ctx, actor, corpId, known.sourceId, done)
  return done
}

/** Applies matching pushes again, oldest first, so that what came later also ends later. */
export async function replayAll(
  ctx: ReplayNeeds,
  actor: string,
  corpId: string,
  filter: store.UnrecognisedFilter,
): Promise<ReplayResult> {
  const done = { applied: 0, left: 0 }
  let after: { firstAt: Date; id: number } | undefined
  for (;;) {
    const page = await store.idsOfUnrecognised(ctx.db, corpId, filter, after, atOnce)
    for (const { id } of page) {
      const known = await store.findUnrecognised(ctx.db, corpId, id)
      if (!known) continue
      if (await replay(ctx, known)) done.applied++
      else done.left++
      await ownTurn()
    }
    after = page.at(-1)
    if (page.length < atOnce) break
  }
  await note(ctx, actor, corpId, filter.sourceId ?? '', done)
  return done
}

/** Puts away what nobody needs any more. Throws 1000 when there is none. */
export async function dismiss(
  ctx: Core,
  actor: string,
  corpId: string,
  ids: readonly number[],
): Promise<number> {
  return ctx.db.transaction().execute(async tx => {
    const count = await store.deleteUnrecognised(tx, corpId, ids)
    if (count === 0) throw noUnrecognised(ids[0] ?? 0)
    const detail = { ids: [...ids], times: count }
    await record(tx, ctx, { corpId, actor, act: 'todo-source.dismiss', target: '', detail })
    return count
  })
}

function noUnrecognised(id: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有未识别的推送 ${id}`,
    en: told`there is no push ${id} that was not understood`,
  })
}

async function note(
  ctx: ReplayNeeds,
  actor: string,
  corpId: string,
  target: string,
  { applied, left }: ReplayResult,
): Promise<void> {
  const detail = { applied, left }
  await record(ctx.db, ctx, { corpId, actor, act: 'todo-source.replay', target, detail })
}

/** Returns whether nothing of it is left. */
async function replay(ctx: ReplayNeeds, known: store.UnrecognisedItem): Promise<boolean> {
  const source = ctx.sources.get(known.corpId, known.sourceId)
  const full: SourceOfApp = { ...source, app: ctx.apps.get(known.corpId, source.appId) }
  const reader = readers[source.kind]
  const { call, items } = itemsOf(reader, known)
  if (items instanceof NotUnderstood) return still(ctx, known, items.reason, items.about)
  let isWhole = true
  for (const item of items) if (!(await replayItem(ctx, full, reader, known, call, item))) isWhole = false
  return isWhole
}

/** The calls of 泛微 are kept with their format as long as nobody could read their body. */
function itemsOf(
  reader: Reader,
  { call, item, body }: store.UnrecognisedItem,
): { call: string; items: readonly Item[] | NotUnderstood } {
  if (item !== null) return { call, items: [item] }
  const name = call.replace(/By(Json|Xml|Map)$/i, '').replace(/^pendings$/, 'receive')
  try {
    return { call: name, items: reader.parse(call, body) }
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return { call: name, items: error }
  }
}

async function still(
  ctx: ReplayNeeds,
  known: store.UnrecognisedItem,
  reason: Reason,
  about: string,
): Promise<false> {
  await store.noteStill(ctx.db, known.corpId, known.id, { reason, about, flow: known.flow })
  return false
}

async function replayItem(
  ctx: ReplayNeeds,
  source: SourceOfApp,
  reader: Reader,
  known: store.UnrecognisedItem,
  call: string,
  item: Item,
): Promise<boolean> {
  const { corpId } = source
  const change = readOne(reader, source, call, item)
  if (change instanceof NotUnderstood) return still(ctx, known, change.reason, change.about)
  const persons = await personsOf(ctx, source, valuesOf({ change }))
  const flow = flowOf(change.flow)
  const at = new Date(ctx.now())
  return ctx.db.transaction().execute(async tx => {
    await lockFlows(tx, corpId, source.id, [flow])
    // Somebody else may have replayed it, or the same may have come again and been understood.
    if (!(await store.lockUnrecognised(tx, corpId, known.id))) return true
    const arrival = { flow, arrivedAt: known.firstAt, at }
    const { left } = await applyChange({ tx, ctx, source, reader, persons, arrival }, change)
    const [first, ...rest] = left
    if (!first) {
      await store.deleteUnrecognised(tx, corpId, [known.id])
      return true
    }
    await store.noteStill(tx, corpId, known.id, { reason: first.why.reason, about: first.why.about, flow })
    for (const { receiver, why } of rest)
      await keep(tx, ctx, source, { call, item: reader.only(item, receiver ?? ''), why, flow }, at)
    return false
  })
}
