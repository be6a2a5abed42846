import { AsyncLocalStorage } from 'node:async_hooks'
import type { NamedMembers } from '../../../platform/http/gate.ts'
import type { Db } from '../../../platform/storage/db.ts'
import * as feed from '../feed-store.ts'
import * as store from '../store.ts'
import type { AvatarLinks } from './fragments.ts'
import type { GroupSets } from './group-sets.ts'
import { nextRevision, userKey } from './members.ts'
import { emptyMirror, type Mirror, putMember } from './mirror.ts'
import { buildTree } from './tree.ts'

/**
 * While a large address book is being read, calls that are about single persons are answered from rows of the database: a mirror of
 * the call's own, with all departments and tags and these members alone, goes through the same code as the whole.
 */
export type InterimMirrors = {
  /** The mirror of the call that is being answered, where it has one of its own. */
  current(corpId: string): Mirror | undefined
  /** Does the work with such a mirror; undefined for an address book so small that it is read at once. */
  run<T>(corpId: string, about: NamedMembers, work: () => T | Promise<T>): Promise<{ result: T } | undefined>
  /** Adds members to the mirror of the call that is being answered; nothing to do where that has the whole. */
  need(corpId: string, about: NamedMembers): Promise<void> | undefined
  /** Does work that needs the whole, also where a call that is answered without it waits for that. */
  whole<T>(work: () => T): T
  /** To be called when nobody reads the address book any more. */
  forget(corpId: string): void
}

export type MeanwhileOptions = {
  db: Db
  links: AvatarLinks
  now(): number
  groupsOf(corpId: string): Promise<GroupSets>
  /** From how many members on. */
  membersAtLeast: number
}

type Outline = Pick<Mirror, 'seq' | 'tree' | 'tags' | 'revision'>

const readyAnswers = 1000

export function createMeanwhile({
  db,
  links,
  now,
  membersAtLeast,
  groupsOf,
}: MeanwhileOptions): InterimMirrors {
  const calls = new AsyncLocalStorage<Mirror | undefined>()
  const outlines = new Map<string, Promise<Outline>>()

  async function add(mirror: Mirror, { userIds = [], ids = [] }: NamedMembers) {
    if (userIds.length + ids.length === 0) return
    const keys = userIds.map(userKey)
    const rows = await store.membersNamed(db, mirror.corpId, { keys, ids }, new Date(now()))
    for (const row of rows) {
      const ordinal = putMember(mirror, userKey(row.userId), row)
      mirror.fragments.set(ordinal, row)
    }
  }

  function read(corpId: string): Promise<Outline> {
    const reading = outlineOf(db, corpId)
    outlines.set(corpId, reading)
    reading.catch(() => outlines.delete(corpId))
    return reading
  }

  /** As it is now: whoever has just changed a department or a tag finds it changed. */
  async function current(corpId: string): Promise<Outline> {
    const known = await outlines.get(corpId)
    if (known && !(await feed.isOutlineChangedAfter(db, corpId, known.seq))) return known
    // Somebody else may have begun to read it again in the meantime.
    const other = outlines.get(corpId)
    return other && (await other) !== known ? other : read(corpId)
  }

  return {
    current(corpId) {
      const mirror = calls.getStore()
      return mirror?.corpId === corpId ? mirror : undefined
    },
    async run(corpId, about, work) {
      if (!outlines.has(corpId) && (await feed.feedRange(db, corpId)).members < membersAtLeast)
        return undefined
      const groups = await groupsOf(corpId)
      const mirror = { ...emptyMirror(corpId, readyAnswers, links), ...(await current(corpId)), groups }
      await add(mirror, about)
      return { result: await calls.run(mirror, work) }
    },
    need(corpId, about) {
      const mirror = calls.getStore()
      return mirror?.corpId === corpId ? add(mirror, about) : undefined
    },
    whole: work => (calls.getStore() ? calls.run(undefined, work) : work()),
    forget: corpId => void outlines.delete(corpId),
  }
}

async function outlineOf(db: Db, corpId: string): Promise<Outline> {
  const { seq } = await feed.feedRange(db, corpId)
  const tree = buildTree(corpId, await store.allDepartments(db, corpId))
  const tags = new Map((await store.allTags(db, corpId)).map(tag => [tag.id, tag]))
  return { seq, tree, tags, revision: nextRevision() }
}
