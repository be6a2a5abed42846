import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../../test/harness.ts'
import { createChanges } from '../../../../../test/journeys/random-changes.ts'
import type { Log } from '../../../../platform/operation/log.ts'
import { createSeal } from '../../../../platform/security/seal.ts'
import { writeSealedFile } from '../../../../platform/security/sealed-file.ts'
import { signal } from '../../../../platform/storage/bus.ts'
import { addCorp } from '../../../corps/corps.ts'
import { settle } from '../../search/settle.ts'
import { isListed } from '../members.ts'
import { emptyMirror, followFeed, loadMirror, type Mirror } from '../mirror.ts'
import { createMirrors } from '../mirrors.ts'
import { jsonFrame } from './frames.ts'
import { originOf } from './origin.ts'
import { createSnapshots, type SnapshotOptions, type Snapshots } from './snapshots.ts'
import { purpose } from './write-snapshot.ts'

let world: World
let dir: string
let told: string[] = []
beforeAll(async () => {
  world = await startWorld({ members: 300, departments: 30, tags: 5 })
  await world.connectCallback()
})
afterAll(() => world.close())
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'wisp-snapshots-')), 'snapshots')
  told = []
  return () => rmSync(join(dir, '..'), { recursive: true, force: true })
})

const links = { period: () => 0, link: () => '' }
const tell = (fields: object, text: string) => void told.push(`${text} ${JSON.stringify(fields)}`)
const log = { info: tell, warn: tell } as unknown as Log
const path = () => join(dir, `${world.corpId}.snapshot`)

function snapshotsOf(options: Partial<SnapshotOptions> = {}): Snapshots {
  const { db, seal, now } = world.ctx
  return createSnapshots({
    db,
    log,
    seal,
    now,
    nodeId: 'one',
    dir,
    bytes: 10e6,
    membersAtLeast: 1,
    ...options,
  })
}

async function loaded(): Promise<Mirror> {
  const mirror = await loadMirror(world.ctx.db, world.corpId, 1000, links)
  await settle(mirror.search)
  return mirror
}

async function written(mirror: Mirror, options: Partial<SnapshotOptions> = {}): Promise<Snapshots> {
  const snapshots = snapshotsOf(options)
  await snapshots.begin(
    () => [mirror],
    corpId => corpId === world.corpId,
  )
  await snapshots.look()
  return snapshots
}

async function read(options: Partial<SnapshotOptions> = {}, begun = true): Promise<Mirror | undefined> {
  const mirror = emptyMirror(world.corpId, 1000, links)
  const snapshots = snapshotsOf(options)
  if (begun)
    await snapshots.begin(
      () => [],
      () => true,
    )
  if (!(await snapshots.read(mirror))) return undefined
  expect(await followFeed(world.ctx.db, mirror)).toBe(true)
  return mirror
}

/** What a mirror holds and finds, whatever the order in which it came. */
function contentOf({ seq, tree, members, tags, search }: Mirror) {
  const people = [...members.all()].sort((a, b) => a.id - b.id)
  const asked = ['张', 'zhang', 'li', '138', ...people.slice(0, 40).map(one => one.name)]
  const options = { offset: 0, limit: 1000, mobile: true }
  return {
    seq,
    sizes: [members.size, members.listed, search.size],
    departments: tree.order.map(node => node.department),
    members: people.map(({ id, userId, key, name, status, departments, orders, hash }) => ({
      id,
      userId,
      key,
      name,
      status,
      departments,
      orders,
      hash,
    })),
    tags: [...tags.values()].sort((a, b) => a.id - b.id),
    lists: tree.order.map(node => members.direct(node.department.id).map(one => one.userId)),
    found: asked.map(text => search.search(text, options).map(ordinal => members.at(ordinal)?.userId)),
  }
}

it('what is read is what was in memory, also when it changed while it was written and since', async () => {
  const mirror = await loaded()
  await written(mirror)
  expect(statSync(path()).mode & 0o777).toBe(0o600)
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  const bytes = readFileSync(path())
  for (const secret of [world.corpId, '张三', 'zhangsan']) expect(bytes.includes(secret)).toBe(false)
  expect(contentOf((await read())!)).toEqual(contentOf(mirror))
  const changes = await createChanges(world.sandbox, 11)
  for (let n = 0; n < 60; n++) await changes.next()
  await world.settle()
  await world.sync('reconcile')
  const current = await loaded()
  expect(current.seq).toBeGreaterThan(mirror.seq + 10)
  expect(contentOf((await read())!)).toEqual(contentOf(current))
  // The mirror of before follows while it is written: rows and departments in the file are of different moments.
  rmSync(path())
  const writing = written(mirror)
  await followFeed(world.ctx.db, mirror)
  await writing
  expect(contentOf((await read())!)).toEqual(contentOf(current))
  const listed = [...current.members.all()].filter(isListed).length
  expect((await read())!.search.size).toBe(listed)
})

it('a mirror that was read goes on as any other', async () => {
  await written(await loaded())
  const one = (await read())!
  const userId = [...one.members.all()].find(member => member.status === 1)?.userId ?? ''
  await world.admin('user/update', { userid: userId, name: '诸葛快照' })
  await world.settle()
  await followFeed(world.ctx.db, one)
  expect(contentOf(one)).toEqual(contentOf(await loaded()))
  const [ordinal = -1] = one.search.search('zhuge', { offset: 0, limit: 1, mobile: false })
  expect(one.members.at(ordinal)?.userId).toBe(userId)
})

const { now: clock } = Date
const other = 'another key for tests, 32 characters'
const flip = (at: (length: number) => number) => () => {
  const bytes = readFileSync(path())
  bytes[at(bytes.length)]! ^= 1
  writeFileSync(path(), bytes)
}
const cutTo = (part: number) => () => {
  const bytes = readFileSync(path())
  writeFileSync(path(), bytes.subarray(0, Math.floor(bytes.length * part)))
}
const rewound = (column: string, value: string) =>
  sql`update directory_feed set ${sql.ref(column)} = ${sql.raw(value)} where corp_id = ${world.corpId}`.execute(
    world.ctx.db,
  )

/** What is wrong, how it comes to be so, what the log says, and how it is mended for the next. */
const bad: [string, () => unknown, RegExp, ((() => unknown) | undefined)?, Partial<SnapshotOptions>?][] = [
  ['cut in a frame', cutTo(0.7), /it is cut off/],
  ['cut to nothing', cutTo(0), /it is cut off/],
  [
    'without its last frame',
    () => writeFileSync(path(), withoutLastFrame(readFileSync(path()))),
    /it is cut off/,
  ],
  ['a flipped bit', flip(length => length >> 1), /it was altered/],
  ['a flipped bit in its head', flip(() => 20), /it was altered/],
  [
    'longer than it was',
    () => writeFileSync(path(), Buffer.concat([readFileSync(path()), Buffer.from('x')])),
    /follows its end/,
  ],
  ['a link to one', () => linkElsewhere(path()), /ELOOP/],
  ['another file', () => writeFileSync(path(), Buffer.alloc(500, 7)), /not a sealed file/],
  ['readable by others', () => chmodSync(path(), 0o640), /others may read it \(mode 640/],
  [
    'of another key',
    () => undefined,
    /another WISP_SECRET_KEY/,
    undefined,
    { seal: createSeal(other, 'a key for tests only, 32 characters') },
  ],
  ['too old', () => undefined, /it was written on/, undefined, { now: () => clock() + 8 * 86_400_000 }],
  [
    'of a later number',
    () => rewound('seq', 'seq - 1'),
    /later than the feed's/,
    () => rewound('seq', 'seq + 1'),
  ],
  [
    'older than the feed',
    () => rewound('first_kept', 'seq + 10'),
    /the feed begins at/,
    () => rewound('first_kept', '1'),
  ],
  [
    'of another history',
    () => sql`update directory_change set at = at + interval '1 second'`.execute(world.ctx.db),
    /its last change .* is not that of the database/,
    () => sql`update directory_change set at = at - interval '1 second'`.execute(world.ctx.db),
  ],
]

function linkElsewhere(from: string): void {
  renameSync(from, join(dir, '..', 'elsewhere'))
  symlinkSync(join(dir, '..', 'elsewhere'), from)
}

function withoutLastFrame(bytes: Buffer): Buffer {
  let at = 33
  for (let next = at; next < bytes.length; next += 20 + bytes.readUInt32LE(next)) at = next
  return bytes.subarray(0, at)
}

it('one that is not good is not used, told of and deleted, by a node; a command leaves it', async () => {
  const mirror = await loaded()
  for (const [what, spoil, why, mend, options] of bad) {
    rmSync(path(), { force: true })
    await written(mirror)
    await spoil()
    told = []
    expect(await read(options, false), what).toBeUndefined()
    if (what !== 'too old') {
      expect(readdirSync(dir), what).toHaveLength(1)
      expect(await read(options), what).toBeUndefined()
      expect(told.at(-1), what).toMatch(why)
    } else expect(told.at(-1), what).toMatch(why)
    expect(told.at(-1)).toContain(path())
    if (what !== 'too old') expect(readdirSync(dir), what).toEqual([])
    await mend?.()
  }
})

it('one that could not be read for want of something else stays', async () => {
  const { seal } = world.ctx
  await written(await loaded())
  const keyFor = () => {
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
  }
  expect(await read({ seal: { ...seal, keyFor } })).toBeUndefined()
  expect(told.at(-1)).toMatch(/not used .*too many open files/)
  expect(await read()).toBeDefined()
})

it('a folder that is there, such as a volume that others have too, keeps its rights', async () => {
  mkdirSync(dir)
  chmodSync(dir, 0o775)
  await written(await loaded())
  expect(statSync(dir).mode & 0o777).toBe(0o775)
  expect(statSync(path()).mode & 0o777).toBe(0o600)
  expect(await read()).toBeDefined()
})

it('one of another corp, database or release is not used', async () => {
  await written(await loaded())
  const bytes = readFileSync(path())
  const strange = emptyMirror('wwother', 10, links)
  writeFileSync(join(dir, 'wwother.snapshot'), bytes, { mode: 0o600 })
  expect(await snapshotsOf().read(strange)).toBe(false)
  expect(told.at(-1)).toContain(`it is of the corp ${world.corpId}`)
  const origin = await originOf(world.ctx.db, world.corpId, { seq: 1, ordinals: 9 }, Date.now())
  for (const [changed, why] of [
    [{ wisp: '0.0.1' }, /it is of wisp 0\.0\.1 and format 1, not/],
    [{ format: 99 }, /format 99, not/],
    [{ endianness: 'BE' }, /another kind of machine/],
  ] as const) {
    rmSync(path(), { force: true })
    const file = await writeSealedFile(path(), world.ctx.seal, purpose)
    await file.end(jsonFrame(0, { ...origin, ...changed }))
    await file.close()
    expect(await read()).toBeUndefined()
    expect(told.at(-1)).toMatch(why)
  }
  await written(await loaded())
  const elsewhere = await startWorld({ synced: false })
  try {
    expect(await read({ db: elsewhere.ctx.db }, false)).toBeUndefined()
    expect(told.at(-1)).toContain('it is of another database')
  } finally {
    await elsewhere.close()
  }
})

it('is gone with its corp, beyond its age, and when another needs the room', async () => {
  const mirror = await loaded()
  const snapshots = await written(mirror)
  writeFileSync(join(dir, 'wwgone.snapshot'), 'x')
  writeFileSync(join(dir, `${world.corpId}.snapshot.killed`), 'x')
  writeFileSync(join(dir, 'notes.txt'), 'not ours')
  await snapshots.sweep()
  expect(readdirSync(dir).sort()).toEqual(
    ['notes.txt', `${world.corpId}.snapshot`, `${world.corpId}.snapshot.killed`].sort(),
  )
  const old = new Date(Date.now() - 2 * 3600_000)
  utimesSync(join(dir, `${world.corpId}.snapshot.killed`), old, old)
  await snapshots.sweep()
  expect(readdirSync(dir).sort()).toEqual(['notes.txt', `${world.corpId}.snapshot`].sort())
  // A corp that is removed while its snapshot is written.
  let isCorp = true
  const late = snapshotsOf()
  await late.begin(
    () => [mirror],
    () => isCorp,
  )
  const looking = late.look()
  isCorp = false
  await looking
  expect(readdirSync(dir)).toEqual(['notes.txt'])
  await written(mirror)
  const { size } = statSync(path())
  writeFileSync(join(dir, 'wwolder.snapshot'), Buffer.alloc(size))
  utimesSync(join(dir, 'wwolder.snapshot'), old, old)
  rmSync(path())
  const roomy = snapshotsOf({ bytes: size + 1000 })
  await roomy.begin(
    () => [mirror],
    () => true,
  )
  await roomy.look()
  expect(readdirSync(dir).sort()).toEqual(['notes.txt', `${world.corpId}.snapshot`].sort())
  await written(mirror, { bytes: 5000 })
  expect(told.at(-1)).toMatch(/not written .*larger than the 5000 bytes/)
})

it('of a running node is deleted as soon as its corp is', async () => {
  const { ctx } = world
  const corpId = 'wwshortlived'
  await addCorp(ctx, 'test', { corpId, name: '不久', contactSecret: 'none' })
  mkdirSync(ctx.config.snapshotDir, { recursive: true })
  const file = join(ctx.config.snapshotDir, `${corpId}.snapshot`)
  writeFileSync(file, 'x')
  await ctx.snapshots.sweep()
  expect(existsSync(file)).toBe(true)
  await ctx.db.transaction().execute(async tx => {
    await sql`delete from corp where corp_id = ${corpId}`.execute(tx)
    await signal(tx, 'wisp_config', corpId)
  })
  await expect.poll(() => existsSync(file)).toBe(false)
})

it('a disk that takes nothing, and a size of 0, only mean that there is none', async () => {
  writeFileSync(dir, 'a file where the folder should be')
  const snapshots = await written(await loaded())
  expect(told.at(-1)).toMatch(/not written/)
  // Not again within the hour.
  const lines = told.length
  await snapshots.look()
  expect(told).toHaveLength(lines)
  expect(await read()).toBeUndefined()
  rmSync(dir)
  await written(await loaded(), { bytes: 0 })
  expect(() => readdirSync(dir)).toThrow('ENOENT')
})

it('is written again after many changes or an hour, and at the end when it is worth it', async () => {
  const mirror = await loaded()
  let now = Date.now()
  const snapshots = await written(mirror, { now: () => now })
  const count = () => told.filter(line => line.includes('address book written')).length
  expect(count()).toBe(1)
  mirror.seq += 6000
  await snapshots.look()
  expect(count()).toBe(1)
  now += 6 * 60_000
  await snapshots.look()
  expect(count()).toBe(2)
  mirror.seq += 1
  now += 30 * 60_000
  await snapshots.look()
  expect(count()).toBe(2)
  await snapshots.end()
  expect(count()).toBe(2)
  now += 31 * 60_000
  await snapshots.look()
  expect(count()).toBe(3)
  mirror.seq += 500
  await snapshots.end()
  expect(count()).toBe(4)
})

it('nodes in one folder write one after the other or at once, and either reads what is there', async () => {
  const mirror = await loaded()
  await Promise.all(['one', 'two', 'three'].map(nodeId => written(mirror, { nodeId })))
  expect(readdirSync(dir)).toEqual([`${world.corpId}.snapshot`])
  const { db, bus, stopping, now } = world.ctx
  const snapshots = snapshotsOf({ nodeId: 'two' })
  const mirrors = await createMirrors({
    db,
    bus,
    log,
    nodeId: 'two',
    homes: { isHere: () => true },
    bytes: 10e6,
    links,
    now,
    stopping,
    snapshots,
  })
  expect(contentOf(await mirrors.load(world.corpId))).toEqual(contentOf(mirror))
  expect(told.at(-1)).toMatch(/read from its snapshot/)
})

it('a node that is killed while it writes leaves the one before, and its half is swept later', async () => {
  const mirror = await loaded()
  const snapshots = await written(mirror)
  const child = fork(join(import.meta.dirname, 'killed-writer.fixture.ts'), [dir, world.corpId])
  await once(child, 'message')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const half = `${world.corpId}.snapshot.killed`
  expect(readdirSync(dir)).toContain(half)
  expect(contentOf((await read())!)).toEqual(contentOf(mirror))
  const old = new Date(Date.now() - 2 * 3600_000)
  utimesSync(join(dir, half), old, old)
  await snapshots.sweep()
  expect(readdirSync(dir)).toEqual([`${world.corpId}.snapshot`])
})
