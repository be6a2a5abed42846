import { createHash } from 'node:crypto'
import type { Db } from '../db.ts'
import type { Member, MemberCore } from './members.ts'
import * as store from './store.ts'

/** A mirrored member with the database's part. */
export type StoredMember = Member & { id: number; pinyin: string; hash: number }

/** A member's ready wire form, in pieces: mobile may have to be masked, and avatar links expire. */
type Fragment = {
  head: string
  mobileAt: number
  mobile: string
  fileId: string
  url: string
  urlGood: number
  used: boolean
}

/** Makes a link to an avatar; links of one period are equal, so that they are signed once. */
export type AvatarLinks = { period(): number; link(corpId: string, fileId: string): string }

/**
 * Ready answers of members. As many as fit stay in memory; the rest is read when it is asked for, so that a corp of
 * any size works in bounded memory.
 */
export type FragmentCache = {
  set(ordinal: number, member: StoredMember): void
  drop(ordinal: number): void
  /** The member without the closing brace, or undefined when it must be loaded first. */
  open(core: MemberCore, withMobile: boolean): string | undefined
  load(db: Db, cores: readonly MemberCore[]): Promise<void>
}

export function createFragmentCache(corpId: string, capacity: number, links: AvatarLinks): FragmentCache {
  const fragments: (Fragment | undefined)[] = []
  let held = 0
  let hand = 0

  // The clock algorithm: what was used since the hand last passed gets another round.
  function makeRoom() {
    while (held >= capacity) {
      hand = (hand + 1) % fragments.length
      const fragment = fragments[hand]
      if (fragment?.used) fragment.used = false
      else if (fragment) {
        fragments[hand] = undefined
        held--
      }
    }
  }

  function set(ordinal: number, member: StoredMember) {
    if (!fragments[ordinal]) {
      if (held >= capacity) makeRoom()
      held++
    }
    fragments[ordinal] = newFragment(member)
  }

  return {
    set,
    drop(ordinal) {
      if (fragments[ordinal]) held--
      fragments[ordinal] = undefined
    },
    open(core, withMobile) {
      const fragment = fragments[core.ordinal]
      if (!fragment) return undefined
      fragment.used = true
      const { head, mobileAt, mobile } = fragment
      const end = mobileAt + mobile.length
      const text =
        withMobile || !mobile ? head : head.slice(0, mobileAt) + maskMobile(mobile) + head.slice(end)
      return `${text},"avatarUrl":"${avatarUrl(fragment)}"`
    },
    async load(db, cores) {
      const missing = cores.filter(core => !fragments[core.ordinal])
      const members = await store.membersById(
        db,
        missing.map(core => core.id),
      )
      for (const member of members) {
        const core = missing.find(one => one.id === member.id)
        if (core) set(core.ordinal, member)
      }
    },
  }

  function avatarUrl(fragment: Fragment): string {
    if (!fragment.fileId) return ''
    const period = links.period()
    if (fragment.urlGood !== period) {
      fragment.url = links.link(corpId, fragment.fileId)
      fragment.urlGood = period
    }
    return fragment.url
  }
}

function newFragment(member: StoredMember): Fragment {
  const fileId = fileIdOf(member)
  const before = `{"userId":${JSON.stringify(member.userId)},"userName":${JSON.stringify(member.name)},"orgId":"${
    member.mainDepartment || ''
  }","mobile":"`
  const mobile = JSON.stringify(member.mobile).slice(1, -1)
  const head = `${before}${mobile}","alias":${JSON.stringify(member.alias)},"fileId":"${fileId}","sex":"${
    member.sex
  }","email":${JSON.stringify(member.email)},"address":${JSON.stringify(member.address)},"status":${member.status}`
  return { head, mobileAt: before.length, mobile, fileId, url: '', urlGood: -1, used: true }
}

/** Names a member's present avatar: another picture gets another id, so that files can be cached. '' without one. */
export function fileIdOf(member: { id: number; avatar: string }): string {
  if (!member.avatar) return ''
  return `${member.id.toString(36)}-${createHash('sha1').update(member.avatar).digest('hex').slice(0, 10)}`
}

/** The person a fileId is of, or undefined when it is none of ours. */
export function memberIdOf(fileId: string): number | undefined {
  const [id = '', hash = ''] = fileId.split('-')
  return /^[0-9a-z]{1,10}$/.test(id) && /^[0-9a-f]{10}$/.test(hash) ? Number.parseInt(id, 36) : undefined
}

/** 13800138000 → 138****8000; what is not a mainland number shows its last two digits. */
export function maskMobile(mobile: string): string {
  if (/^1\d{10}$/.test(mobile)) return `${mobile.slice(0, 3)}****${mobile.slice(7)}`
  return mobile && `****${mobile.slice(-2)}`
}
