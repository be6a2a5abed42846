/**
 * Compares the grants of a tree with what the acts in it say: for each key the newest act that names it has its hash. So whoever writes,
 * changes or deletes a grant past wisp is found, and whoever puts an older row back too.
 *
 * Acts are kept for 400 days, and grants longer: each month a list of all (`audit.grants.list`) enters the tree, and what was before it
 * need not be read. A list says what the acts say, not what the tables have, but for the first one, with which it begins: that is shown to
 * the auditor, who confirms it. An act always counts more than a list, since one may commit while a list is made.
 */

import {
  type BoundGrant,
  boundTo,
  type Grant,
  type GrantKind,
  readLine,
} from '../../../platform/audit/grants.ts'
import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Finding } from '../tree/finding.ts'
import type { TreeName } from '../tree/source.ts'
import * as store from './grants-store.ts'

/** Acts of transactions that were open while a list was made have numbers below that of its last act; never so many. */
const openActs = 10_000

/** A grant that is there. */
export type HeldGrant = Grant & { kind: GrantKind; bound: BoundGrant }

export type GrantVerdict = {
  /** False before the first list, when nothing can be compared. */
  isListed: boolean
  held: HeldGrant[]
  /** What the acts say is there. */
  expected: BoundGrant[]
  findings: Finding[]
  /** Of the findings, what the tables have. */
  different: BoundGrant[]
  /** What a node of an older version gave or took, whose acts have no hashes. */
  older: BoundGrant[]
  /** Of the latest list. */
  listedAt: Date | undefined
  actsSince: number
}

type ExpectedGrant = BoundGrant & { id: number; target: string | undefined }

const listActs = ['audit.grants.list', 'audit.grants.taken', 'audit.grants.confirm'] as const

/** `isWhole`: by all acts that are kept, and not by the latest list and the acts since. Read at one moment. */
export async function compareGrants(
  { db, now }: Pick<Core, 'db' | 'now'>,
  kinds: readonly GrantKind[],
  tree: TreeName,
  { isWhole = false }: { isWhole?: boolean } = {},
): Promise<GrantVerdict> {
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute(tx => compareIn(tx, kinds, tree, { isWhole, now: now() }))
}

export async function compareIn(
  db: Db,
  kinds: readonly GrantKind[],
  tree: TreeName,
  { isWhole, now }: { isWhole: boolean; now: number },
): Promise<GrantVerdict> {
  const corpId = tree || null
  const list = await store.lastList(db, tree)
  const after = isWhole ? 0 : Math.max((list?.after ?? 0) - openActs, 0)
  const names = [...new Set([...kinds.flatMap(kind => kind.acts), ...listActs])]
  const acts = list ? await store.grantActs(db, tree, { after, acts: names }) : []
  const isLive = ({ until }: { until: Date | null }) => !until || until.getTime() > now
  const held: HeldGrant[] = []
  for (const kind of kinds)
    for (const grant of await kind.read(db, corpId))
      if (isLive(grant)) held.push({ ...grant, kind, bound: boundTo(kind, corpId, grant) })
  const expected = expectedBy(acts, list?.list)
  const verdict: GrantVerdict = {
    isListed: list !== undefined,
    held,
    expected: [...expected.values()].filter(one => one.hash !== null && isLive(one)),
    findings: [],
    different: [],
    older: [],
    listedAt: list?.at,
    actsSince: acts.filter(one => one.act !== 'audit.grants.list').length,
  }
  if (!list) return verdict
  for (const kind of kinds)
    await compareKind(db, { kind, corpId, acts, expected, isLive, listId: list.id }, verdict)
  return verdict
}

/**
 * By kind and key. The first list says what the tables had when it was made, and counts more than acts before it, of which an older version
 * may have written some without hashes; of the later ones the latest counts, and less than any act.
 */
function expectedBy(acts: readonly store.GrantAct[], list: string | undefined): Map<string, ExpectedGrant> {
  const orderOf = ({ act, id, isFirst, after }: store.GrantAct) => {
    if (act !== 'audit.grants.list') return id
    return isFirst ? (after ?? 0) : -1
  }
  const counted = acts.filter(one => one.act !== 'audit.grants.list' || one.isFirst || one.list === list)
  const expected = new Map<string, ExpectedGrant>()
  for (const { id, act, target, grants } of counted.toSorted((a, b) => orderOf(a) - orderOf(b)))
    for (const line of grants ?? []) {
      const bound = readLine(line)
      if (!bound) continue
      const isOwn = !(listActs as readonly string[]).includes(act)
      expected.set(`${bound.kind} ${bound.key}`, { ...bound, id, target: isOwn ? target : undefined })
    }
  return expected
}

type KindOfTree = {
  kind: GrantKind
  corpId: string | null
  acts: readonly store.GrantAct[]
  expected: ReadonlyMap<string, ExpectedGrant>
  isLive: (one: { until: Date | null }) => boolean
  listId: number
}

async function compareKind(
  db: Db,
  { kind, corpId, acts, expected, isLive, listId }: KindOfTree,
  verdict: GrantVerdict,
): Promise<void> {
  const own = verdict.held.filter(one => one.kind === kind)
  const add = (what: Finding['what'], target: string, bound: BoundGrant) => {
    verdict.findings.push({ what, rows: [target], count: 1, source: kind.name, words: kind.words })
    verdict.different.push(bound)
  }
  // An act that an older version wrote names its target alone; the list has what was before it.
  const isOlder = (since: number, target: string | undefined) =>
    acts.some(
      one =>
        one.grants === null &&
        one.id > Math.max(since, listId) &&
        (target === undefined || one.target === target) &&
        (kind.acts as readonly string[]).includes(one.act),
    )
  for (const { key, target, bound } of own) {
    const said = expected.get(`${kind.name} ${key}`)
    if (said?.hash === bound.hash) continue
    if (isOlder(said?.id ?? 0, target)) verdict.older.push(bound)
    else add(said?.hash ? 'grantChanged' : 'grantAdded', target, bound)
  }
  const there = new Set(own.map(one => one.key))
  const missing = [...expected.values()].filter(
    one => one.kind === kind.name && one.hash !== null && isLive(one) && !there.has(one.key),
  )
  if (missing.length === 0) return
  const keys = missing.map(one => one.key)
  const gone = new Set(await kind.gone?.(db, corpId, keys))
  for (const one of missing.filter(({ key }) => !gone.has(key))) {
    const bound = { kind: kind.name, key: one.key, hash: null, until: null }
    if (isOlder(one.id, one.target)) verdict.older.push(bound)
    else add('grantRemoved', one.target ?? one.key, bound)
  }
  if (gone.size > 0)
    verdict.expected = verdict.expected.filter(one => one.kind !== kind.name || !gone.has(one.key))
}
