import { createHash } from 'node:crypto'
import { toWire, wireBytes } from '../../../platform/http/wire.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { StoredMember } from '../entities.ts'
import { maskMobile } from '../mask-mobile.ts'
import * as store from '../store.ts'
import type { MemberCore } from './members.ts'

/**
 * A member in wire form, ready to send. The avatar link at its end is renewed in each period of `AvatarLinks`; `period` is
 * `never` for members without an avatar. `masked` is the form with a masked mobile, for those who may not see it.
 */
type Fragment = {
  whole: string
  period: number
  used: boolean
  masked: string | undefined
  mobileAt: number
  mobileEnd: number
  fileId: string
  avatarAt: number
}

const never = -1

/** What a ready answer takes in memory, about. */
export const fragmentBytes = 700

/** Makes a link to an avatar; links of one period are equal, so that they are signed once. */
export type AvatarLinks = { period(): number; link(corpId: string, fileId: string): string }

/**
 * Keeps members in wire form. As many as fit stay in memory and the rest is read on demand, so that a corp of any size
 * works in bounded memory.
 */
export type FragmentCache = {
  /** How many are in memory. */
  readonly held: number
  set(ordinal: number, member: StoredMember): void
  /** Replaces the form of a changed member if it is in memory; otherwise it is read when somebody asks for it. */
  update(ordinal: number, member: StoredMember): void
  drop(ordinal: number): void
  /** The member in wire form, or undefined when it must be read from the database first. */
  get(core: MemberCore, withMobile: boolean): string | undefined
  /** These members in the same order, however many; undefined for those that are gone by now. */
  read(db: Db, cores: readonly MemberCore[], withMobile: boolean): Promise<(string | undefined)[]>
  /** The current period of the avatar links; links change with it. */
  period(): number
}

export function createFragmentCache(corpId: string, capacity: number, links: AvatarLinks): FragmentCache {
  const fragments: (Fragment | undefined)[] = []
  /** One map per read under way: a change that arrives during the read goes in here, because it is newer than what is read. */
  const readings = new Set<Map<number, Fragment | undefined>>()
  let held = 0
  let hand = 0

  // The clock algorithm: an entry used since the hand last passed is spared for one round.
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

  function textOf(fragment: Fragment, withMobile: boolean): string {
    fragment.used = true
    if (fragment.period !== never && fragment.period !== links.period()) renewLink(fragment)
    return withMobile ? fragment.whole : maskedForm(fragment)
  }

  return {
    get held() {
      return held
    },
    set,
    update(ordinal, member) {
      let isAskedFor = fragments[ordinal] !== undefined
      for (const reading of readings) isAskedFor ||= reading.has(ordinal)
      if (!isAskedFor) return
      set(ordinal, member)
      for (const reading of readings) if (reading.has(ordinal)) reading.set(ordinal, fragments[ordinal])
    },
    period: () => links.period(),
    drop(ordinal) {
      for (const reading of readings) reading.delete(ordinal)
      if (fragments[ordinal]) held--
      fragments[ordinal] = undefined
    },
    get(core, withMobile) {
      const fragment = fragments[core.ordinal]
      return fragment && textOf(fragment, withMobile)
    },
    async read(db, cores, withMobile) {
      const reading = new Map(cores.map(core => [core.ordinal, fragments[core.ordinal]]))
      const missing = cores.filter(core => !fragments[core.ordinal])
      const ordinals = new Map(missing.map(core => [core.id, core.ordinal]))
      readings.add(reading)
      try {
        for (const member of await store.membersById(db, corpId, [...ordinals.keys()])) {
          const ordinal = ordinals.get(member.id) ?? -1
          if (!reading.has(ordinal) || reading.get(ordinal)) continue
          set(ordinal, member)
          reading.set(ordinal, fragments[ordinal])
        }
      } finally {
        readings.delete(reading)
      }
      return cores.map(core => {
        const fragment = reading.get(core.ordinal)
        return fragment && textOf(fragment, withMobile)
      })
    },
  }

  function renewLink(fragment: Fragment) {
    fragment.period = links.period()
    const link = links.link(corpId, fragment.fileId)
    fragment.whole = flat(`${fragment.whole.slice(0, fragment.avatarAt)}${link}"}`)
    fragment.masked = undefined
  }
}

/** V8 keeps concatenated text as a tree until it is read; answers made of a hundred such trees cost more than this copy. */
function flat(text: string): string {
  return wireBytes(text).toString('latin1')
}

function maskedForm(fragment: Fragment): string {
  const { whole, mobileAt, mobileEnd } = fragment
  if (mobileAt === mobileEnd) return whole
  const mask = () =>
    whole.slice(0, mobileAt) + maskMobile(whole.slice(mobileAt, mobileEnd)) + whole.slice(mobileEnd)
  fragment.masked ??= flat(mask())
  return fragment.masked
}

const linkNeeded = -2

function newFragment(member: StoredMember): Fragment {
  const fileId = fileIdOf(member)
  const json = JSON.stringify
  const before = toWire(
    `{"userId":${json(member.userId)},"userName":${json(member.name)},"orgId":"${member.mainDepartment || ''}","mobile":"`,
  )
  const mobile = toWire(json(member.mobile).slice(1, -1))
  const behind = toWire(
    `","alias":${json(member.alias)},"fileId":"${fileId}","sex":"${member.sex}","email":${json(member.email)},` +
      `"address":${json(member.address)},"status":${member.status},"avatarUrl":"`,
  )
  const mobileAt = before.length
  const mobileEnd = mobileAt + mobile.length
  const whole = flat(`${before}${mobile}${behind}"}`)
  return {
    whole,
    period: fileId ? linkNeeded : never,
    used: true,
    masked: undefined,
    mobileAt,
    mobileEnd,
    fileId,
    avatarAt: whole.length - 2,
  }
}

/** Names a member's current avatar, '' without one. A new picture gets a new id, so that files can be cached for good. */
export function fileIdOf(member: { id: number; avatar: string }): string {
  if (!member.avatar) return ''
  return `${member.id.toString(36)}-${createHash('sha1').update(member.avatar).digest('hex').slice(0, 10)}`
}

/** The id of the person whose avatar this is, or undefined when the fileId is not one of ours. */
export function memberIdOf(fileId: string): number | undefined {
  const [id = '', hash = ''] = fileId.split('-')
  return /^[0-9a-z]{1,10}$/.test(id) && /^[0-9a-f]{10}$/.test(hash) ? Number.parseInt(id, 36) : undefined
}
