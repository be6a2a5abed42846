import type { Core } from '../../../platform/core.ts'
import { isListed, type MemberCore } from '../mirror/members.ts'
import { isEverything, seesMember } from '../permissions/sight.ts'
import { idsByEmailStart } from '../profile-store.ts'
import type { View } from './view.ts'

type Range = { offset: number; limit: number }
/** `total` is exact up to `countedAtMost`; beyond it, it is at least one more than have been shown when there are more. */
type Found = { cores: MemberCore[]; total: number }

const countedAtMost = 1000

/**
 * The members that match, best first. Answers at once, unless the text may be a mail address: those are in the database, and
 * whose address begins with the text comes after all others.
 */
export function searchMembers(ctx: Core, view: View, text: string, range: Range): Found | Promise<Found> {
  return text.includes('@') ? withAddresses(ctx, view, text.trim(), range) : inMemory(view, text, range)
}

function inMemory(view: View, text: string, { offset, limit }: Range): Found {
  const found = search(view, text, offset, Math.max(limit + 1, countedAtMost - offset))
  const isBeyond = found.length === 0 && offset > 0
  const total = isBeyond ? search(view, text, 0, offset).length : offset + found.length
  return { cores: found.slice(0, limit), total }
}

async function withAddresses(ctx: Core, view: View, text: string, { offset, limit }: Range): Promise<Found> {
  const { members, corpId } = view.mirror
  const wanted = Math.max(offset + limit + 1, countedAtMost)
  const found = search(view, text, 0, wanted)
  const known = new Set(found.map(core => core.id))
  const ids = await idsByEmailStart(ctx.db, corpId, text, wanted)
  for (const id of ids) {
    const core = members.byId(id)
    if (core && !known.has(id) && sees(view, core)) found.push(core)
  }
  return { cores: found.slice(offset, offset + limit), total: Math.min(found.length, wanted) }
}

function search(view: View, text: string, offset: number, limit: number): MemberCore[] {
  const { members, search: index } = view.mirror
  const allow = isEverything(view.sight)
    ? {}
    : {
        allow: (ordinal: number) => {
          const core = members.at(ordinal)
          return core !== undefined && seesMember(view.sight, view.tree, core)
        },
      }
  const ordinals = index.search(text, { offset, limit, mobile: view.withMobile, ...allow })
  return ordinals.flatMap(ordinal => members.at(ordinal) ?? [])
}

function sees({ sight, tree }: View, core: MemberCore): boolean {
  return isListed(core) && seesMember(sight, tree, core)
}
