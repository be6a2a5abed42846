import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { waitForLock } from '../../../../test/locks.ts'
import { addCorp } from '../../corps/corps.ts'
import type { UpstreamMember } from '../entities.ts'
import { readChanges } from '../feed-store.ts'
import { followFeed, loadMirror } from '../mirror/mirror.ts'
import * as store from '../store.ts'
import { memberPut, type Operation } from './plan.ts'
import { writeDirectory } from './writer.ts'

describe('writing the directory', () => {
  let world: World
  let corps = 0
  beforeAll(async () => {
    world = await startWorld({ synced: false })
  })
  afterAll(() => world.close())

  /** A new corp for each test, which nothing ever syncs. */
  async function newCorp(): Promise<string> {
    const corpId = `wwwriter${++corps}`
    await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'none' })
    return corpId
  }
  const put = (userId: string, more: Partial<UpstreamMember> = {}): Operation =>
    memberPut({
      userId,
      name: userId,
      departments: [1],
      mainDepartment: 1,
      orders: [0],
      leaderIn: [0],
      ...more,
    })
  const department = (id: number, parentId: number): Operation => ({
    kind: 'department',
    op: 'put',
    department: { id, name: `部门${id}`, parentId, sortNo: 0, leaders: [] },
  })
  const tag = (id: number, userKeys: string[], departments: number[] = []): Operation => ({
    kind: 'tag',
    op: 'put',
    tag: { id, name: `标签${id}`, userKeys, departments },
  })
  const rename = (from: string, to: string, at = new Date()): Operation => ({
    kind: 'member',
    op: 'rename',
    from,
    to,
    at,
  })
  const write = (corpId: string, ...operations: Operation[]) => writeDirectory(world.ctx, corpId, operations)
  const feed = async (corpId: string, since = 0) =>
    (await readChanges(world.ctx.db, corpId, since, 1000)).map(one => `${one.kind} ${one.op} ${one.entityId}`)
  const idOf = (corpId: string, key: string) => world.ctx.mirrors.of(corpId).members.byKey(key)?.id

  it('writes what differs and nothing else', async () => {
    const corpId = await newCorp()
    const all = [department(1, 0), department(2, 1), put('a'), put('b'), tag(1, ['a'])]
    await write(corpId, ...all)
    expect(await feed(corpId)).toEqual([
      'department put 1',
      'department put 2',
      'member put a',
      'member put b',
      'tag put 1',
    ])
    expect(await write(corpId, ...all)).toEqual({ changes: [], ended: [], arrived: [] })
    await write(corpId, ...all.slice(0, 3), put('b', { name: '乙' }))
    expect(await feed(corpId, 5)).toEqual(['member put b'])
  })

  it('numbers concurrent writes in commit order, each once', async () => {
    const corpId = await newCorp()
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => write(corpId, put(`u${n % 10}`, { name: `第${n}` }))),
    )
    const changes = await readChanges(world.ctx.db, corpId, 0, 1000)
    expect(changes.map(one => one.seq)).toEqual(changes.map((_, n) => n + 1))
    expect(world.ctx.mirrors.of(corpId).seq).toBe(changes.length)
    expect(world.ctx.mirrors.of(corpId).members.size).toBe(10)
  })

  it('leaves memory and database as they were when a part of it fails', async () => {
    const corpId = await newCorp()
    await write(corpId, put('a'))
    const failing = writeDirectory(world.ctx, corpId, [put('a', { name: '新' }), put('b')], async () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await feed(corpId)).toEqual(['member put a'])
    expect(world.ctx.mirrors.of(corpId).members.byKey('a')?.name).toBe('a')
    expect(idOf(corpId, 'b')).toBeUndefined()
    await write(corpId, put('b'))
    expect(await feed(corpId)).toEqual(['member put a', 'member put b'])
  })

  it('asks for operations when nobody else can write any more', async () => {
    const corpId = await newCorp()
    await write(corpId, put('a'))
    let asked = 0
    await Promise.all([
      write(corpId, put('a', { name: '先' })),
      writeDirectory(world.ctx, corpId, () => {
        asked++
        return world.ctx.mirrors.of(corpId).members.byKey('a')?.name === '先'
          ? []
          : [put('a', { name: '旧' })]
      }),
    ])
    expect(asked).toBeGreaterThan(0)
    expect((await store.membersById(world.ctx.db, corpId, [idOf(corpId, 'a') ?? 0]))[0]?.name).toBe('先')
  })

  it('keeps what upstream keeps back', async () => {
    const corpId = await newCorp()
    await write(corpId, put('a', { mobile: '13800000000', email: 'a@b.example', sex: 1, alias: '甲' }))
    await write(corpId, put('a', { departments: [1, 2], orders: [0, 0], leaderIn: [0, 0] }))
    const [row] = await store.membersById(world.ctx.db, corpId, [idOf(corpId, 'a') ?? 0])
    expect(row).toMatchObject({
      mobile: '13800000000',
      email: 'a@b.example',
      sex: 1,
      alias: '甲',
      departments: [1, 2],
    })
  })

  it('follows a change of case in a userid without a rename', async () => {
    const corpId = await newCorp()
    await write(corpId, put('Ann'))
    const id = idOf(corpId, 'ann')
    await write(corpId, rename('Ann', 'ANN'), put('ANN'))
    expect(idOf(corpId, 'ann')).toBe(id)
    expect(world.ctx.mirrors.of(corpId).members.byKey('ann')?.userId).toBe('ANN')
  })

  it('takes who and what goes out of the tags, and moves them with a rename', async () => {
    const corpId = await newCorp()
    await write(corpId, department(1, 0), department(2, 1), put('a'), put('b'), tag(1, ['a', 'b'], [2]))
    await write(corpId, rename('a', 'A2', new Date(Date.now() + 1000)))
    expect(world.ctx.mirrors.of(corpId).tags.get(1)?.userKeys).toEqual(['a2', 'b'])
    await write(
      corpId,
      { kind: 'member', op: 'drop', userId: 'B' },
      { kind: 'department', op: 'drop', id: 2 },
    )
    expect(world.ctx.mirrors.of(corpId).tags.get(1)).toMatchObject({ userKeys: ['a2'], departments: [] })
    expect((await store.allTags(world.ctx.db, corpId))[0]).toMatchObject({
      userKeys: ['a2'],
      departments: [],
    })
  })

  it('tells of a tag again when somebody whom it names appears, or is listed again', async () => {
    const corpId = await newCorp()
    await write(corpId, department(1, 0), tag(1, ['late'], [9]), tag(2, []))
    const told = async (...operations: Operation[]) => {
      const { seq } = world.ctx.mirrors.of(corpId)
      await write(corpId, ...operations)
      return (await feed(corpId, seq)).filter(one => one.startsWith('tag'))
    }
    expect(await told(put('late'))).toEqual(['tag put 1'])
    expect(await told(put('late', { name: '新名' }))).toEqual([])
    expect(await told(put('late', { status: 5 }))).toEqual(['tag put 1'])
    expect(await told(put('late', { status: 1 }))).toEqual(['tag put 1'])
    expect(await told(department(9, 1))).toEqual(['tag put 1'])
  })

  it('lets two persons exchange their userids', async () => {
    const corpId = await newCorp()
    await write(corpId, put('x'), put('y'))
    const [x, y] = [idOf(corpId, 'x'), idOf(corpId, 'y')]
    const at = (seconds: number) => new Date(Date.now() + seconds * 1000)
    await write(corpId, rename('y', 'x', at(3)), rename('tmp', 'y', at(4)), rename('x', 'tmp', at(2)))
    expect([idOf(corpId, 'x'), idOf(corpId, 'y'), idOf(corpId, 'tmp')]).toEqual([y, x, undefined])
  })

  it('tells followers and nodes that an old userid is still somebody, when a rename is told late', async () => {
    const corpId = await newCorp()
    await write(corpId, department(1, 0), put('seat'))
    const first = idOf(corpId, 'seat')
    const at = new Date()
    world.clock.offsetMs += 1100
    await write(corpId, { kind: 'member', op: 'drop', userId: 'seat' })
    await write(corpId, put('seat'))
    const second = idOf(corpId, 'seat')
    const links = { period: () => 0, link: () => '' }
    const follower = await loadMirror(world.ctx.db, corpId, 1000, links)
    await write(corpId, rename('seat', 'moved', at))
    expect(await feed(corpId, 4)).toEqual(['member rename moved', 'member put seat'])
    expect([idOf(corpId, 'moved'), idOf(corpId, 'seat')]).toEqual([first, second])
    await followFeed(world.ctx.db, follower)
    expect(follower.members.byKey('seat')?.id).toBe(second)
    expect(follower.members.byKey('moved')?.id).toBe(first)
  })

  it('applies a rename once, however often it is told', async () => {
    const corpId = await newCorp()
    await write(corpId, put('old'))
    const id = idOf(corpId, 'old')
    const news = rename('old', 'new', new Date(Date.now() + 1000))
    await write(corpId, news)
    await write(corpId, put('old'))
    const somebody = idOf(corpId, 'old')
    await write(corpId, news)
    expect([idOf(corpId, 'new'), idOf(corpId, 'old')]).toEqual([id, somebody])
    expect(somebody).not.toBe(id)
  })

  it('takes members and changes along when the corp goes, also those of a write under way', async () => {
    const corpId = await newCorp()
    await write(corpId, department(1, 0), put('zhang'), put('li'))
    const { db } = world.ctx
    const locked = Promise.withResolvers<void>()
    const deleting = Promise.withResolvers<void>()
    const writing = writeDirectory(world.ctx, corpId, [put('wang')], async () => {
      locked.resolve()
      await deleting.promise
    })
    await locked.promise
    const deleted = sql`delete from corp where corp_id = ${corpId}`.execute(db)
    await waitForLock(db)
    deleting.resolve()
    expect((await writing).changes).toHaveLength(1)
    expect((await deleted).numAffectedRows).toBe(1n)
    const left = await sql<{ members: number; changes: number }>`
      select (select count(*) from member where corp_id = ${corpId}) as members,
        (select count(*) from directory_change where corp_id = ${corpId}) as changes`.execute(db)
    expect(left.rows).toEqual([{ members: 0, changes: 0 }])
    await expect(write(corpId, put('zhao'))).rejects.toMatchObject({ code: '23503' })
  })
})
