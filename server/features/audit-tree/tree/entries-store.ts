/**
 * The entries of a tree in its order, for whoever passes them on (SIEM) or shows them.
 *
 * The contract: a tree is a corp's, by its id, or that of the installation, ''. Its entries have the indexes 0, 1, 2, … in the order in which
 * they entered; an index is never given twice, and an entry never gets another. A row enters within ten seconds of its commit, after every
 * row of a smaller index, so a cursor is the next index to read: nothing that commits late is passed over. `audit_leaf` is the table
 * behind: (tree, index, source, row_id, hash, entered_at), `source` being audit, sign_in_log, refusal, data_read, or statement for what
 * wisp itself says (rows deleted by age, persons erased, a backup restored, rows of before the tree). A restored backup takes indexes
 * back: a cursor beyond `treeSize` begins again at the size, after the statement `restored`.
 */

import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Source, Statement, TreeName } from './source.ts'

export type EntryKind = 'act' | 'sign-in' | 'refusal' | 'read' | 'statement'

export type TreeEntry = {
  index: number
  /** The beginning of the leaf's hash: a restored backup gives the index to another entry. */
  hash: string
  kind: EntryKind
  enteredAt: Date
  /** True when the row is there no more, for which a statement of the tree gives the reason; then all below is empty. */
  isGone: boolean
  at: Date | null
  corpId: string | null
  /** Of acts the account, of sign-ins and refusals the userid, of reads the devId; '' when it is not known. */
  actor: string
  actorName: string
  /** Of acts as in `platform/audit/acts.ts`; `sign-in.<way>`, `refusal`, `data.read`, `audit.<what>`. */
  act: string
  /** The target, the app ('wisp' for wisp itself), the place or the path. */
  object: string
  objectName: string
  result: 'ok' | 'refused'
  address: string
  /** By names of fields: of acts those of `platform/audit/fields.ts`. */
  details: Readonly<Record<string, unknown>>
}

/** How many entries a tree has; the next one gets this index. 0 for a tree that has not begun. */
export async function treeSize(db: Db, tree: TreeName): Promise<number> {
  const row = await db.selectFrom('audit_tree').select('size').where('tree', '=', tree).executeTakeFirst()
  return row?.size ?? 0
}

/** At most `limit` entries from `fromIndex` on, in order; those whose leaves are pruned (after 430 days) are left out. */
export async function entriesInOrder(
  db: Db,
  tree: TreeName,
  fromIndex: number,
  limit: number,
): Promise<TreeEntry[]> {
  const leaves = await db
    .selectFrom('audit_leaf')
    .select(['index', 'source', 'row_id', 'hash', 'statement', 'entered_at'])
    .where('tree', '=', tree)
    .where('index', '>=', fromIndex)
    .orderBy('index')
    .limit(limit)
    .execute()
  const rows = new Map<string, EntryRow>()
  for (const source of ['audit', 'sign_in_log', 'refusal', 'data_read'] as const) {
    const ids = leaves.flatMap(leaf => (leaf.source === source ? [leaf.row_id] : []))
    if (ids.length === 0) continue
    for (const row of await rowsOf[source](db, tree, ids)) rows.set(`${source} ${row.rowId}`, row)
  }
  return leaves.map(({ index, source, row_id, hash: whole, statement, entered_at: enteredAt }): TreeEntry => {
    const hash = whole.toString('hex', 0, 8)
    if (source === 'statement') {
      const said = statement as Statement
      const entry = {
        ...noRow,
        at: enteredAt,
        corpId: tree || null,
        actor: 'wisp',
        act: `audit.${said.what}`,
      }
      return { ...entry, index, hash, kind: 'statement', enteredAt, isGone: false, details: said }
    }
    const { rowId: _, ...row } = rows.get(`${source} ${row_id}`) ?? { ...noRow, rowId: '' }
    return { ...row, index, hash, kind: kinds[source as Source], enteredAt, isGone: row.at === null }
  })
}

const kinds: Record<Source, EntryKind> = {
  audit: 'act',
  sign_in_log: 'sign-in',
  refusal: 'refusal',
  data_read: 'read',
}

type EntryRow = Omit<TreeEntry, 'index' | 'hash' | 'kind' | 'enteredAt' | 'isGone'> & { rowId: string }

const noRow: Omit<EntryRow, 'rowId'> = {
  at: null,
  corpId: null,
  actor: '',
  actorName: '',
  act: '',
  object: '',
  objectName: '',
  result: 'ok',
  address: '',
  details: {},
}

const rowsOf: Record<Source, (db: Db, tree: TreeName, ids: readonly string[]) => Promise<EntryRow[]>> = {
  async audit(db, _tree, ids) {
    const { rows } = await sql<EntryRow>`
      select id::text as "rowId", at, corp_id as "corpId", actor, actor_name as "actorName", act, target as object,
        target_name as "objectName", case when act like '%.failed' then 'refused' else 'ok' end as result, address, detail as details
      from audit where id = any(${ids}::bigint[])`.execute(db)
    return rows
  },
  async sign_in_log(db, tree, ids) {
    const { rows } = await sql<EntryRow>`
      select id::text as "rowId", at, corp_id as "corpId", user_id as actor, user_name as "actorName", 'sign-in.' || way as act,
        coalesce(app_id, 'wisp') as object, app_name as "objectName", case reason when '' then 'ok' else 'refused' end as result, address,
        jsonb_build_object('number', number, 'reason', reason, 'detail', detail, 'acr', acr, 'amr', amr, 'released', released,
          'userAgent', user_agent) as details
      from sign_in_log where corp_id = ${tree} and id = any(${ids}::bigint[])`.execute(db)
    return rows
  },
  async refusal(db, _tree, ids) {
    const { rows } = await sql<EntryRow>`
      select r.number as "rowId", r.at, r.corp_id as "corpId", coalesce(m.user_id, '') as actor, coalesce(m.name, '') as "actorName",
        'refusal' as act, r.place as object, '' as "objectName", 'refused' as result, r.address,
        jsonb_build_object('number', r.number, 'reason', r.reason, 'detail', r.detail, 'memberId', r.member_id,
          'userAgent', r.user_agent) as details
      from refusal r left join member m on m.corp_id = r.corp_id and m.id = r.member_id
      where r.number = any(${ids}::text[])`.execute(db)
    return rows
  },
  async data_read(db, tree, ids) {
    const { rows } = await sql<EntryRow>`
      select id::text as "rowId", at, corp_id as "corpId", dev_id as actor, '' as "actorName", 'data.read' as act, path as object,
        '' as "objectName", 'ok' as result, '' as address,
        jsonb_build_object('fields', fields, 'memberIds', member_ids, 'unlisted', unlisted) as details
      from data_read where corp_id = ${tree} and id = any(${ids}::bigint[])`.execute(db)
    return rows
  },
}
