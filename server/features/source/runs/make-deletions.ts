import type { Core } from '../../../platform/core.ts'
import { heldPeople, keptByOthers, membersNamed } from '../person-store.ts'
import { type Change, countChanges } from '../plan/changes.ts'
import { isDisabled } from '../plan/fields.ts'
import { isStranger } from '../plan/read-record.ts'
import { lockSource } from '../source-store.ts'
import { beginWriting } from './approve-run.ts'
import { rowsOf } from './make-preview.ts'
import { findRun, insertRows, insertRun, membersToReturn } from './run-store.ts'

const dayMs = 86_400_000

/**
 * Has those deleted who left with an approved run and were disabled for as long as the source says. Members who were enabled by hand
 * meanwhile, or whom this or another source has, stay. Returns whether there is anybody.
 */
export async function makeDeletions(ctx: Core, corpId: string, sourceId: number): Promise<boolean> {
  return ctx.db.transaction().execute(async tx => {
    const source = await lockSource(tx, corpId, sourceId)
    if (!source || source.settings.deleteAfterDays === 0) return false
    const before = ctx.now() - source.settings.deleteAfterDays * dayMs
    const held = await heldPeople(tx, { corpId, sourceId })
    const returning = await membersToReturn(tx, corpId, sourceId)
    const others = await keptByOthers(tx, { corpId, sourceId })
    const due = held.filter(one => one.disabledAt !== null && one.disabledAt.getTime() <= before)
    const ids = due.flatMap(one => one.memberId ?? []).filter(id => !returning.has(id) && !others.has(id))
    if (ids.length === 0) return false
    const members = new Map((await membersNamed(tx, corpId, { ids, keys: [] })).map(one => [one.id, one]))
    const changes = due.flatMap(({ key, memberId }): Change[] => {
      const member = members.get(memberId ?? 0)
      if (!member || !isDisabled(member)) return []
      const { id, userId, name } = member
      const known = isStranger(key) ? '' : key
      return [{ kind: 'delete', line: 0, key: known, userId, memberId: id, name, fields: {}, notes: [] }]
    })
    if (changes.length === 0) return false
    const at = new Date(ctx.now())
    const counts = countChanges(changes, { people: 0, problems: 0, strangers: 0, before: held.length })
    const { version } = source
    const made = {
      corpId,
      sourceId,
      kind: 'delete',
      version,
      counts,
      undoOf: null,
      madeAt: at,
      madeBy: 'wisp',
    } as const
    const id = await insertRun(tx, made)
    await insertRows(tx, { corpId, id }, rowsOf(changes, []))
    const run = await findRun(tx, corpId, id)
    if (run) await beginWriting(ctx, tx, source, run, 'wisp')
    return true
  })
}
