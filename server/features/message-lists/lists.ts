import { checkScope } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { idsBy } from '../../organisation/directory/read/ids-by.ts'
import { type View, viewOf, visibleMember } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { hasControlCharacter } from '../../platform/http/rules.ts'
import { oneFileOfCorp } from '../../platform/http/tables/uploaded-file.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { ownTurn } from '../../platform/operation/own-turn.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import { type ListFile, type ListRecord, type PersonColumn, readListFile } from './list-file.ts'
import { findList, insertList, keepUsed, piecesOf, rowsKept, setUsed } from './lists-store.ts'
import { listKeptDays } from './retention.ts'
import { listPurpose } from './sealed.ts'

export type ListNeeds = Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers }

/** A line that is not in the list, and why. */
export type RefusedLine = { line: number; why: Words }

/** What became of a file. `refused` are all lines that were left out, in their order. */
export type TakenList = Pick<ListFile, 'variables' | 'format'> & {
  listId: string
  rows: readonly ListRow[]
  refused: readonly RefusedLine[]
}

/** A person of a list; `values` are those of its variables, '' where the cell is empty. */
export type ListRow = { line: number; memberId: number; userId: string; values: readonly string[] }

/** Of all lists of a developer together. */
const keptRowsAtMost = 1_000_000
/** Rows and characters of a piece, of which a thousand are sealed anew at a time. */
const pieceRows = 200
const pieceLength = 50_000
const rowLengthAtMost = 20_000
const inTurn = 1000
const dayMs = 86_400_000

/**
 * Stores a list of receivers. Throws 1000 for a file that cannot be read or has no row that can be used, 1002 for mobiles without
 * directory:mobile, 1009 where message types are switched off.
 */
export async function takeList(ctx: ListNeeds, developer: Caller, bytes: Buffer): Promise<TakenList> {
  const { corpId, devId } = developer
  checkOn(ctx, corpId, 'message-types')
  // A developer who uploads one file after the other keeps no administrator of the corp waiting.
  return oneFileOfCorp(`${corpId} ${devId}`, async () => {
    const { by, format, variables, records } = await readListFile(bytes)
    if (by === 'mobile') checkScope(developer, 'directory:mobile')
    const { rows, refused } = await rowsOf(ctx, viewOf(ctx, developer), by, records)
    if (rows.length === 0) throw noRows(refused)
    const kept = await rowsKept(ctx.db, { corpId, devId })
    if (kept + rows.length > keptRowsAtMost) throw tooManyKept(kept)
    const listId = ctx.newId()
    const pieces: string[] = []
    for (const piece of dividedRows(rows)) {
      pieces.push(ctx.seal.seal(JSON.stringify(piece), listPurpose))
      await ownTurn()
    }
    const at = new Date(ctx.now())
    await ctx.db
      .transaction()
      .execute(tx =>
        insertList(tx, { corpId, devId, id: listId }, { variables, rows: rows.length }, pieces, at),
      )
    return { listId, variables, format, rows, refused }
  })
}

async function rowsOf(
  ctx: ListNeeds,
  view: View,
  by: PersonColumn,
  records: readonly ListRecord[],
): Promise<{ rows: ListRow[]; refused: RefusedLine[] }> {
  const rows: ListRow[] = []
  const refused: RefusedLine[] = []
  const lines = new Map<number, number>()
  for (let at = 0; at < records.length; at += inTurn) {
    const some = records.slice(at, at + inTurn)
    const names = [...new Set(some.map(one => one.person))].filter(one => one !== '')
    const ids = await idsBy[by](ctx, view.mirror, names)
    for (const { line, person, values } of some) {
      const found = personIn(view, by, person, ids.get(person) ?? [])
      const before = 'core' in found ? lines.get(found.core.id) : undefined
      const why =
        wrongValue(values) ?? ('why' in found ? found.why : before === undefined ? undefined : twice(before))
      if (why || !('core' in found)) {
        refused.push({ line, why: why ?? reasons.unknown })
        continue
      }
      lines.set(found.core.id, line)
      rows.push({ line, memberId: found.core.id, userId: found.core.userId, values })
    }
    await ownTurn()
  }
  return { rows, refused }
}

const reasons = {
  empty: { zh: '没有填写账号、工号或手机号', en: 'the userId, employee number or mobile is empty' },
  unknown: {
    zh: '没有这个成员，或不在数据范围内',
    en: 'there is no such member, or not within the data scope',
  },
  doubled: {
    zh: '有两个成员符合，请改用账号',
    en: 'two members fit: use the userId',
  },
  spreadsheet: {
    zh: '手机号被表格软件改成了科学计数法，请把该列设为文本',
    en: 'the spreadsheet has changed the mobile into scientific notation: format the column as text',
  },
  long: {
    zh: `各列合计超过 ${rowLengthAtMost} 个字符`,
    en: `its columns have more than ${rowLengthAtMost} characters in all`,
  },
  control: { zh: '含有控制字符', en: 'it has control characters' },
} as const satisfies Record<string, Words>

const twice = (line: number): Words => ({
  zh: `与第 ${line} 行是同一人`,
  en: `it is the person of line ${line}`,
})

function personIn(
  view: View,
  by: PersonColumn,
  person: string,
  ids: readonly number[],
): { core: MemberCore } | { why: Words } {
  if (person === '') return { why: reasons.empty }
  if (by === 'mobile' && /^[\d.]+e\+?\d+$/i.test(person)) return { why: reasons.spreadsheet }
  const [core, other] = [...new Set(ids)].flatMap(
    id => visibleMember(view, view.mirror.members.byId(id)) ?? [],
  )
  if (!core) return { why: reasons.unknown }
  return other ? { why: reasons.doubled } : { core }
}

function wrongValue(values: readonly string[]): Words | undefined {
  if (values.reduce((sum, one) => sum + one.length, 0) > rowLengthAtMost) return reasons.long
  return values.some(one => hasControlCharacter(one, true) || !one.isWellFormed())
    ? reasons.control
    : undefined
}

function noRows(refused: readonly RefusedLine[]): ApiError {
  const some = refused.slice(0, 5)
  return new ApiError('badParameter', {
    zh: told`名单中没有可用的行，没有保存：${own(some.map(({ line, why }) => `第 ${line} 行${why.zh}`).join('；'))}`,
    en: told`no row of the list can be used, and nothing was stored: ${own(some.map(({ line, why }) => `line ${line}: ${why.en}`).join('; '))}`,
  })
}

function tooManyKept(kept: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`已保存的名单共 ${own(kept)} 行，最多 ${own(keptRowsAtMost)} 行；没有保存。名单在最后一次使用 ${own(listKeptDays)} 天后删除`,
    en: told`the lists that are kept have ${own(kept)} rows, at most ${own(keptRowsAtMost)} in all; nothing was stored. A list is deleted ${own(listKeptDays)} days after it was last used`,
  })
}

/** As it is stored: line, member, userId, and the values. */
type StoredRow = [line: number, memberId: number, userId: string, ...values: string[]]

function* dividedRows(rows: readonly ListRow[]): Generator<StoredRow[]> {
  let piece: StoredRow[] = []
  let length = 0
  for (const { line, memberId, userId, values } of rows) {
    const size = values.reduce((sum, one) => sum + one.length, 0)
    if (piece.length === pieceRows || (piece.length > 0 && length + size > pieceLength)) {
      yield piece
      piece = []
      length = 0
    }
    piece.push([line, memberId, userId, ...values])
    length += size
  }
  yield piece
}

/** A list of this developer as it was stored, its persons as they were then. Throws 1000. */
export async function openList(
  ctx: Core,
  { corpId, devId }: Caller,
  listId: string,
): Promise<{ variables: readonly string[]; rows: ListRow[] }> {
  const key = { corpId, devId, id: listId }
  const head = await findList(ctx.db, key)
  if (!head) throw noList(listId)
  const rows: ListRow[] = []
  for (const content of await piecesOf(ctx.db, key)) {
    const piece = JSON.parse(ctx.seal.open(content, listPurpose)) as StoredRow[]
    for (const [line, memberId, userId, ...values] of piece) rows.push({ line, memberId, userId, values })
    await ownTurn()
  }
  return { variables: head.variables, rows }
}

/**
 * Counts a list's age from `at` on, in ms since the epoch: the time of a send, which may be due later. Called in the transaction that accepts
 * what is due later, so that the list is kept until then. Throws 1000 for a list that was deleted meanwhile.
 */
export async function useList(
  db: Db,
  { corpId, listId, at }: { corpId: string; listId: string; at: number },
): Promise<void> {
  if (!(await setUsed(db, { corpId, id: listId }, new Date(at)))) throw noList(listId)
}

/**
 * Keeps a list for which persons still wait: their type may be paused for longer than a list is kept. Writes at most once a day.
 */
export async function keepList(ctx: Core, corpId: string, listId: string): Promise<void> {
  const now = ctx.now()
  await keepUsed(ctx.db, { corpId, id: listId }, { now: new Date(now), ifBefore: new Date(now - dayMs) })
}

function noList(listId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`toList：没有名单 ${listId}；名单在最后一次使用 ${own(listKeptDays)} 天后删除，请重新上传`,
    en: told`toList: there is no list ${listId}; a list is deleted ${own(listKeptDays)} days after it was last used: upload it again`,
  })
}
