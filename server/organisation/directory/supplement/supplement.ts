/**
 * Values that the restrictions of 2022 keep back, and that a member consented to or an import brought, are in
 * `member_supplement`. They fill what WeCom leaves empty and never override what WeCom returns.
 */

import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { isListed } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import {
  putSupplements,
  type SupplementRow,
  type SupplementSource,
  type SupplementValues,
  supplementEntity,
  supplementFields,
} from './supplement-store.ts'

export type Supplement = { memberId: number } & SupplementValues

const namedInAudit = 200
const longest = { mobile: 32, email: 254, avatar: 1000 }

/**
 * Stores values that WeCom does not provide, from a member's consent at sign-in or from an import. An absent field stays as
 * it is; `''` removes it. Within a second the mirror shows the value where WeCom has none, and keeps it through syncs and
 * changed userids. Persons who are not in the corp's address book are skipped. Returns how many were stored.
 */
export async function supplementMembers(
  ctx: Core & { inbox: Inbox; mirrors: Mirrors },
  actor: string,
  corpId: string,
  rows: readonly Supplement[],
  source: SupplementSource,
): Promise<number> {
  const { members } = ctx.mirrors.of(corpId)
  const known = rows.flatMap(row => {
    const core = members.byId(row.memberId)
    return core && isListed(core) ? [{ row, userId: core.userId }] : []
  })
  const values = new Map<string, SupplementRow>()
  for (const { row } of known) {
    for (const one of valuesOf(row)) values.set(`${one.memberId} ${one.field}`, one)
  }
  if (values.size === 0) return 0
  const userIds = [...new Set(known.map(one => one.userId))]
  const fields = supplementFields.filter(field => known.some(({ row }) => row[field] !== undefined))
  const target = userIds.length === 1 ? userIds.join() : `${userIds.length} 名成员`
  const detail = { source, fields, members: userIds.length, userIds: userIds.slice(0, namedInAudit) }
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await putSupplements(tx, corpId, [...values.values()], { source, actor, at })
    await record(tx, ctx, { corpId, actor, act: 'member.supplement', target, detail })
    await ctx.inbox.remind(tx, {
      corpId,
      stream: 'directory',
      kind: 'supplement',
      entity: supplementEntity,
      isHint: false,
    })
  })
  return userIds.length
}

function valuesOf(row: Supplement): SupplementRow[] {
  return supplementFields.flatMap(field => {
    const value = row[field]?.toWellFormed().replaceAll('\0', '').trim()
    if (value === undefined || value.length > longest[field]) return []
    return [{ memberId: row.memberId, field, value }]
  })
}
