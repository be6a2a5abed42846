/**
 * Grants are what lets somebody do more than others: roles, scopes, tokens, approvals. Each act that gives, changes or takes one keeps in its
 * entry what the grant is by then, as a hash of key and value (`boundGrants`); the entries enter the audit tree, and whoever changes a
 * grant past wisp leaves one without such an act (features/audit-tree/grants).
 */

import { createHash } from 'node:crypto'
import type { Db } from '../storage/db.ts'
import type { Words } from '../words.ts'
import type { Act } from './acts.ts'
import type { Detail } from './audit.ts'

export type Grant = {
  key: string
  /** What its acts name as their target. */
  target: string
  /** What it gives, in an order of its own. It never changes what stands for the same: a field that is added later stands at its end, where it has a value. */
  value: readonly unknown[]
  /** From then on it gives nothing; null for no end. */
  until: Date | null
}

/** One kind of grant, as the room that has it declares it. */
export type GrantKind = {
  /** Stands in entries of the audit log, for ever. */
  name: string
  words: Words
  /** All that give, change or take one. */
  acts: readonly Act[]
  /** Those of a corp, or of the installation (null), or of them those with these keys. */
  read(db: Db, corpId: string | null, keys?: readonly string[]): Promise<Grant[]>
  /** Of keys without a grant those that went with their owner, such as a member who left, without an act of their own. */
  gone?(db: Db, corpId: string | null, keys: readonly string[]): Promise<string[]>
  /** What a grant's `value` says, by the fields of the audit log, for whoever reads the list. Left out where the key says it all. */
  detail?(value: readonly unknown[]): Detail
}

/** What an entry says of one grant; `hash` is null where it was taken. */
export type BoundGrant = { kind: string; key: string; hash: string | null; until: Date | null }

/**
 * What the grants with these keys are now, for the detail of the act that has just written them, in its transaction.
 */
export async function boundGrants(
  tx: Db,
  kind: GrantKind,
  corpId: string | null,
  keys: readonly string[],
): Promise<string[]> {
  if (keys.length === 0) return []
  const found = new Map((await kind.read(tx, corpId, keys)).map(grant => [grant.key, grant]))
  return [...new Set(keys)].map(key => {
    const grant = found.get(key)
    return lineOf(grant ? boundTo(kind, corpId, grant) : { kind: kind.name, key, hash: null, until: null })
  })
}

export function boundTo({ name }: GrantKind, corpId: string | null, grant: Grant): BoundGrant {
  const { key, value, until } = grant
  const text = JSON.stringify([name, corpId ?? '', key, value, until?.toISOString() ?? null])
  return { kind: name, key, hash: createHash('sha256').update(text).digest('base64url'), until }
}

/** A grant as entries have it: `kind key hash`, and its end where it has one. */
export function lineOf({ kind, key, hash, until }: BoundGrant): string {
  const end = until ? ` ${until.toISOString()}` : ''
  return `${kind} ${encodeURIComponent(key)} ${hash ?? '-'}${end}`
}

/** Undefined for what no version of wisp wrote. */
export function readLine(line: string): BoundGrant | undefined {
  const [, kind, key, hash, end] = /^(\S+) (\S+) (\S+)(?: (\S+))?$/.exec(line) ?? []
  if (!kind || !key || !hash) return undefined
  const until = end === undefined ? null : new Date(end)
  if (until && Number.isNaN(until.getTime())) return undefined
  try {
    return { kind, key: decodeURIComponent(key), hash: hash === '-' ? null : hash, until }
  } catch {
    return undefined
  }
}
