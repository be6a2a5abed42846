import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { pinyinLibrary } from '../../../organisation/directory/search/pinyin.ts'
import type { Core } from '../../../platform/core.ts'
import { writerOf } from '../../../platform/http/output.ts'
import { refused } from '../../../platform/http/page-call.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import { createAwaited, type PolledNumbers } from '../../../platform/http/waiting/awaited.ts'
import { envelope, toWire, wireBytes } from '../../../platform/http/wire.ts'
import { lru } from '../../../platform/lru.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { App } from '../app.ts'
import type { Apps } from '../catalog.ts'
import { visibleApps } from '../catalog.ts'
import { type Arrangement, arrangementOf } from './workbench-store.ts'

type Needs = Core & { apps: Apps; corps: Corps; mirrors: Mirrors }

/** An app as a tile shows it. */
const tileSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  category: Type.String(),
  description: Type.String(),
  /** '' when the app has no icon. */
  icon: Type.String(),
  /** Pinyin of the name without tones, for the search: `kao qin da ka`. */
  pinyin: Type.String(),
})
export type Tile = Static<typeof tileSchema>

export const workbenchSchema = Type.Object({
  apps: Type.Array(tileSchema),
  /** App ids in the person's own order, without apps they may no longer see. */
  favourites: Type.Array(Type.String()),
  /** App ids, most recently opened first. */
  recent: Type.Array(Type.String()),
})
type WorkbenchAnswer = Static<typeof workbenchSchema>
const writeWorkbench = writerOf(workbenchSchema)

type EncodedWorkbench = { bytes: Buffer; etag: string }
/** What a person's answer was made from; the answer is valid while all of this is unchanged. */
type CachedAnswer = {
  apps: readonly App[]
  revision: number
  /** Of who is in groups of members. */
  groups: number
  departments: readonly number[] | undefined
  answer: EncodedWorkbench
}

export type Workbench = {
  /** Looks in memory only; undefined also when the database must be asked. */
  kept(corpId: string, person: Person): EncodedWorkbench | undefined
  read(corpId: string, person: Person): Promise<EncodedWorkbench>
  arrangement(corpId: string, person: Person): Promise<Arrangement>
  /** How many messages of each person are unread, by the person's key; who delivers messages says when it is another number. */
  unread: PolledNumbers
  /** Signals a change to all nodes; must run in the transaction that makes it. */
  changed(tx: Db, corpId: string, person: Person): Promise<void>
  /** Drops what this node itself has just changed. */
  forget(corpId: string, person: Person): void
}

const keptAtMost = 20_000

/** Identifies a member by internal id, so that a rename keeps what they arranged. */
export function ownerOf(person: Person): string {
  return person.member ? String(person.member.id) : `admin:${person.adminName}`
}

/** The key of a person, in memory and in signals. */
export const keyOf = (corpId: string, person: Person) => `${corpId} ${ownerOf(person)}`

export async function createWorkbench(ctx: Needs): Promise<Workbench> {
  const answers = lru<CachedAnswer>(keptAtMost)
  const arrangements = lru<Arrangement>(keptAtMost)
  const unread = createAwaited(ctx)
  // Counts signals, because data read before a signal must not be cached after it.
  let signals = 0
  const drop = (key: string) => {
    signals++
    answers.delete(key)
    arrangements.delete(key)
    unread.changed(key)
  }
  await ctx.bus.listen('wisp_workbench', drop, () => {
    signals++
    answers.clear()
    arrangements.clear()
    unread.changedForAll()
  })

  async function arrangement(corpId: string, person: Person): Promise<Arrangement> {
    const key = keyOf(corpId, person)
    const known = arrangements.get(key)
    if (known) return known
    const before = signals
    const read = await arrangementOf(ctx.db, corpId, ownerOf(person))
    if (signals === before) arrangements.set(key, read)
    return read
  }

  function kept(corpId: string, person: Person): EncodedWorkbench | undefined {
    const known = answers.get(keyOf(corpId, person))
    if (!known) return undefined
    const mirror = ctx.mirrors.find(corpId)
    const isSame =
      known.apps === ctx.apps.ofCorp(corpId) &&
      known.revision === mirror?.revision &&
      known.groups === mirror.groups.revision &&
      known.departments === person.member?.departments
    return isSame ? known.answer : undefined
  }

  return {
    kept,
    async read(corpId, person) {
      const before = signals
      const arranged = await arrangement(corpId, person)
      const { revision, groups } = await ctx.mirrors.load(corpId)
      const answer = readyAnswer(workbenchOf(ctx, corpId, person, arranged))
      const made = { apps: ctx.apps.ofCorp(corpId), revision, groups: groups.revision }
      if (signals === before)
        answers.set(keyOf(corpId, person), { ...made, departments: person.member?.departments, answer })
      return answer
    },
    arrangement,
    unread,
    changed: (tx, corpId, person) => signal(tx, 'wisp_workbench', keyOf(corpId, person)),
    forget: (corpId, person) => drop(keyOf(corpId, person)),
  }
}

function workbenchOf(ctx: Needs, corpId: string, person: Person, arranged: Arrangement): WorkbenchAnswer {
  const apps = visibleApps(ctx, corpId, person)
  const seen = new Set(apps.map(app => app.id))
  return {
    apps: apps.map(tileOf),
    favourites: arranged.favourites.filter(id => seen.has(id)),
    recent: arranged.recent.filter(id => seen.has(id)),
  }
}

function readyAnswer(answer: WorkbenchAnswer): EncodedWorkbench {
  const bytes = wireBytes(envelope(toWire(writeWorkbench(answer))))
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}

const tiles = new WeakMap<App, Tile>()

function tileOf(app: App): Tile {
  let tile = tiles.get(app)
  if (!tile) {
    const { id, name, category, description, iconHash } = app
    const icon = iconHash === null ? '' : `/web/apps/icon?id=${id}&v=${iconHash.slice(0, 16)}`
    tile = { id, name, category, description, icon, pinyin: syllablesOf(name) }
    tiles.set(app, tile)
  }
  return tile
}

/** Reads the characters as words rather than as a person's name. */
function syllablesOf(name: string): string {
  return pinyinLibrary()
    .pinyin(name, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' })
    .join(' ')
    .toLowerCase()
}

/** The app if this person may open it. Throws 403. */
export function openableApp(ctx: Needs, corpId: string, person: Person, appId: string): App {
  const app = visibleApps(ctx, corpId, person).find(one => one.id === appId)
  if (app) return app
  const known = ctx.apps.find(appId)
  const isOwn = known?.corpId === corpId
  throw refused(
    isOwn && !known.enabled
      ? { zh: `应用「${known.name}」已停用`, en: `the app '${known.name}' is disabled` }
      : { zh: '没有这个应用，或者它没有对您开放', en: 'there is no such app, or it is not open to you' },
  )
}
