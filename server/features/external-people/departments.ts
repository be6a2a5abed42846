import { randomInt } from 'node:crypto'
import type { Corps } from '../../organisation/corps/corps.ts'
import {
  type ExternalDepartment,
  externalDepartments,
} from '../../organisation/directory/external-department-store.ts'
import { lockFeed } from '../../organisation/directory/feed-store.ts'
import { externalFrom } from '../../organisation/directory/mirror/members.ts'
import { externalDepartmentWrites as writes } from '../../organisation/directory/write/external-departments.ts'
import { perform } from '../../platform/acts/perform.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { readName } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Db } from '../../platform/storage/db.ts'
import { countIn } from './external-store.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const departmentsAtMost = 1000
const depthAtMost = 10
const rootName = '外部人员'

/** The department and all above it, nearest first. Throws 1005. */
export function lineageOf(known: readonly ExternalDepartment[], id: number): number[] {
  const byId = new Map(known.map(one => [one.id, one]))
  const line: number[] = []
  for (let at = byId.get(id); at; at = byId.get(at.parentId)) line.push(at.id)
  if (line.length === 0) throw new ApiError('unknownDepartment', told`${id}`)
  return line
}

/** All of the corp's, with the root, which is made at its first use; the feed's lock makes two who add come one after the other. */
export async function departmentsIn(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  corpId: string,
): Promise<ExternalDepartment[]> {
  await lockFeed(tx, corpId)
  const known = await externalDepartments(tx, corpId)
  if (known.length > 0) return known
  const root = { id: externalFrom, name: rootName, parentId: 0 }
  await writes.make(tx, corpId, root, new Date(ctx.now()))
  return [root]
}

/** The names in a path such as `承包商/甲公司`. Throws 1000. */
export function readPath(path: string): string[] {
  const names = path.split('/').flatMap(name => (name.trim() ? readName(name, 'department') : []))
  if (names.length >= depthAtMost) throw tooDeep()
  return names
}

function tooDeep(): ApiError {
  return new ApiError('badParameter', {
    zh: told`department：外部部门连同根部门最多 ${own(depthAtMost)} 级`,
    en: told`department: departments of people from outside have at most ${own(depthAtMost)} levels, the root included`,
  })
}

/** Finds or makes the department of a path such as `承包商/甲公司` below the root. Throws 1000. */
export async function departmentAt(tx: Db, ctx: Core, corpId: string, path: string): Promise<number> {
  const known = await departmentsIn(tx, ctx, corpId)
  let at = externalFrom
  for (const name of readPath(path)) {
    const found = known.find(one => one.parentId === at && one.name === name)
    at = found ? found.id : await insert(tx, ctx, corpId, known, { name, parentId: at })
  }
  return at
}

async function insert(
  tx: Db,
  ctx: Core,
  corpId: string,
  known: ExternalDepartment[],
  { name, parentId }: { name: string; parentId: number },
): Promise<number> {
  if (known.length >= departmentsAtMost)
    throw new ApiError('badParameter', {
      zh: told`外部部门最多 ${own(departmentsAtMost)} 个`,
      en: told`there are at most ${own(departmentsAtMost)} departments of people from outside`,
    })
  if (known.some(one => one.parentId === parentId && one.name === name)) throw doubled(name)
  // An id that was deleted may still be named somewhere, and is never given again.
  const made = { id: externalFrom + 1 + randomInt(externalFrom - 1), name, parentId }
  await writes.make(tx, corpId, made, new Date(ctx.now()))
  known.push(made)
  return made.id
}

function doubled(name: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`已有外部部门 ${name}`,
    en: told`there is a department ${name} already`,
  })
}

/** Throws 1000 and 1005. */
export async function addDepartment(
  ctx: Needs,
  actor: string,
  corpId: string,
  given: { name: string; parentId: number | undefined },
): Promise<number> {
  const name = readName(given.name)
  return perform(ctx, { act: 'external.department', actor, corpId }, async tx => {
    const known = await departmentsIn(tx, ctx, corpId)
    const parentId = given.parentId ?? externalFrom
    if (lineageOf(known, parentId).length >= depthAtMost) throw tooDeep()
    const id = await insert(tx, ctx, corpId, known, { name, parentId })
    return { target: String(id), targetName: name, detail: { changes: changesOf({}, { name }) }, answer: id }
  })
}

/** Throws 1000 and 1005. */
export async function renameDepartment(
  ctx: Needs,
  actor: string,
  corpId: string,
  id: number,
  given: string,
): Promise<void> {
  const name = readName(given)
  await perform(ctx, { act: 'external.department', actor, corpId }, async tx => {
    const known = await departmentsIn(tx, ctx, corpId)
    lineageOf(known, id)
    const was = known.find(one => one.id === id)!
    if (known.some(one => one.parentId === was.parentId && one.name === name && one.id !== id))
      throw doubled(name)
    await writes.rename(tx, corpId, id, name)
    const changes = changesOf({ name: was.name }, { name })
    return { target: String(id), targetName: name, detail: { changes }, answer: undefined }
  })
}

/** Only an empty one, and never the root. What named it names it no longer. Throws 1000 and 1005. */
export async function removeDepartment(ctx: Needs, actor: string, corpId: string, id: number): Promise<void> {
  await perform(ctx, { act: 'external.department', actor, corpId }, async tx => {
    const known = await departmentsIn(tx, ctx, corpId)
    lineageOf(known, id)
    const was = known.find(one => one.id === id)!
    const people = await countIn(tx, corpId, id)
    if (id === externalFrom || people > 0 || known.some(one => one.parentId === id))
      throw new ApiError('badParameter', {
        zh: told`外部部门 ${was.name} 不能删除：其下还有部门或 ${own(people)} 名外部人员，或它是根部门；没有删除`,
        en: told`the department ${was.name} is the root, or has departments or ${own(people)} people: it was not deleted`,
      })
    await writes.remove(tx, corpId, id)
    await ctx.offered.endDepartments(tx, ctx, corpId, [id])
    const detail = { changes: changesOf({ name: was.name }, { name: null }) }
    return { target: String(id), targetName: was.name, detail, answer: undefined }
  })
}
