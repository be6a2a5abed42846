import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { revokeSecret, setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { endFeed, lockFeed } from '../../../organisation/directory/feed-store.ts'
import { readConfig } from '../../../platform/config.ts'
import { checkEvent } from '../../../platform/http/shape.fixture.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { DatabaseAway } from '../../../platform/storage/availability.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { startServer } from '../../../server.ts'
import { nextStreamId, takeStream } from './stream-store.ts'
import { createRelease, ofDeveloperAtMost } from './streams.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
type Event = { id: number; type: string; data: any }
type Stream = { response: Response; events: Event[]; ended: Promise<void>; stop(): void }

let world: World
let dev: Caller
const scopes = ['directory:read', 'webhook:manage']
beforeAll(async () => {
  world = await startWorld({ members: 30 })
  await world.connectCallback()
  dev = await world.addDeveloper({ scopes })
})
afterAll(() => world.close())

/** Opens a stream and follows it. */
async function listen(
  query: Record<string, string | number> = {},
  by = dev,
  headers: Record<string, string> = {},
  url = world.server.url,
): Promise<Stream> {
  const all = new URLSearchParams({ devToken: await by.token() })
  for (const [name, value] of Object.entries(query)) all.set(name, String(value))
  const stop = new AbortController()
  const response = await fetch(`${url}/api/event/stream?${all}`, { headers, signal: stop.signal })
  const events: Event[] = []
  const read = async () => {
    let rest = ''
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + part).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const fields = new Map(block.split('\n').map(line => line.split(/: (.*)/s, 2) as [string, string]))
        const data = fields.get('data')
        if (!data) continue
        events.push({
          id: Number(fields.get('id')),
          type: fields.get('event') ?? '',
          data: JSON.parse(data),
        })
      }
    }
  }
  return { response, events, ended: read().catch(() => undefined), stop: () => stop.abort() }
}

const rename = async (userid: string, name: string) => {
  expect(await world.admin('user/update', { userid, name })).toMatchObject({ errcode: 0 })
  await world.settle()
}
const come = async (stream: Stream, count: number) => {
  await until(`${count} events`, () => stream.events.length >= count)
  for (const { type, data } of stream.events) checkEvent(type, data.data)
}
const numbers = (stream: Stream) => stream.events.map(one => one.id)

describe('the event stream', () => {
  it('tells changes as they happen, and goes on after the last one', async () => {
    const stream = await listen()
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await rename('zhangsan', '一')
    await rename('lisi', '二')
    await come(stream, 2)
    const [first, second] = stream.events
    expect(first).toMatchObject({
      type: 'directory.member.put',
      data: {
        type: 'directory.member.put',
        data: { id: 'zhangsan', value: { userName: '一' }, seq: first?.id },
      },
    })
    stream.stop()
    const again = await listen({}, dev, { 'last-event-id': String(first?.id) })
    await come(again, 1)
    expect(numbers(again)).toEqual([second?.id])
    again.stop()
  })

  it('tells everything once while the feed grows as it is read', async () => {
    const begin = await listen()
    await rename('zhangsan', '从此')
    await come(begin, 1)
    const since = begin.events[0]!.id
    const all = [begin]
    for (let n = 0; n < 12; n++) {
      const changed = rename(n % 2 ? 'zhangsan' : 'lisi', `第${n}个`)
      all.push(await listen({ since }))
      await changed
    }
    for (const stream of all.slice(1)) await come(stream, 12)
    await come(begin, 13)
    for (const stream of all.slice(1)) expect(numbers(stream)).toEqual(numbers(begin).slice(1))
    for (const stream of all) stream.stop()
  })

  it('tells what it is asked for, within the data scope', async () => {
    const departments = await listen({ types: 'directory.department' })
    const outside = await world.addDeveloper({ scopes, dataScope: { departments: [5], tags: [] } })
    const scoped = await listen({}, outside)
    await rename('zhangsan', '外')
    expect(await world.admin('department/update', { id: 5, name: '五部' })).toMatchObject({ errcode: 0 })
    await world.settle()
    await come(departments, 1)
    await come(scoped, 1)
    expect(departments.events.map(one => one.type)).toEqual(['directory.department.put'])
    expect(scoped.events.map(one => one.data.data.id)).toEqual(['5'])
    departments.stop()
    scoped.stop()
  })

  it('tells a listener that asks for events which are no longer kept to read everything again', async () => {
    const stream = await listen({ since: 10_000_000 })
    await come(stream, 1)
    expect(stream.events[0]).toMatchObject({
      type: 'directory.resync',
      data: { data: { reason: 'expired' } },
    })
    await rename('zhangsan', '新的')
    await come(stream, 2)
    stream.stop()
  })

  it('ends when the scope changes or the secret is revoked', async () => {
    const leaving = await world.addDeveloper({ scopes })
    const first = await listen({}, leaving)
    await setDeveloper(world.ctx, 'test', leaving.devId, { dataScope: { departments: [5], tags: [] } })
    await first.ended
    const second = await listen({}, leaving)
    const [secret] = world.ctx.developers.get(leaving.devId)!.secrets
    await revokeSecret(world.ctx, 'test', leaving.devId, secret!.id)
    await rename('zhangsan', '撤')
    await second.ended
    expect(second.events).toEqual([])
    expect((await leaving.get('/api/event/stream')).retCode).toBe('1004')
  })

  it('is refused without the scope, beyond the limit, with wrong input and to developers who must encrypt', async () => {
    const without = await world.addDeveloper({ scopes: ['directory:read'] })
    expect((await without.get('/api/event/stream')).retCode).toBe('1009')
    expect((await dev.get('/api/event/stream', { types: 'nothing' })).retMessage).toMatch(
      /没有事件类型 nothing/,
    )
    const wrong = await listen({}, dev, { 'last-event-id': 'x' })
    expect(await wrong.response.status).toBe(200)
    expect(wrong.response.headers.get('content-type')).toMatch(/json/)
    const secret = await world.addDeveloper({ scopes, packets: 'required' })
    expect((await secret.get('/api/event/stream')).retMessage).toMatch(/必须是加密报文/)
    const many = await world.addDeveloper({ scopes })
    const all = await Promise.all(Array.from({ length: ofDeveloperAtMost }, () => listen({}, many)))
    const more = await many.get('/api/event/stream')
    expect([more.status, more.retCode]).toEqual([429, '1010'])
    for (const stream of all) stream.stop()
    await until('room again', async () => {
      const one = await listen({}, many)
      one.stop()
      return one.response.status === 200
    })
  })

  it('is limited over all nodes together, and what a killed node had open is free again', async () => {
    const second = await startServer(readConfig(world.env), { log: createLog('silent') })
    try {
      const many = await world.addDeveloper({ scopes })
      await until('known there', async () => second.ctx.developers.get(many.devId) !== undefined)
      const half = ofDeveloperAtMost / 2
      const urls = [world.server.url, second.url].flatMap(url => Array<string>(half).fill(url))
      const all = await Promise.all(urls.map(url => listen({}, many, {}, url)))
      const refused = async () => {
        const answers = await Promise.all(
          [world.server.url, second.url].map(url => listen({}, many, {}, url)),
        )
        for (const one of answers)
          if (one.response.headers.get('content-type')?.includes('stream')) one.stop()
        return answers.filter(one => one.response.status === 429).length
      }
      expect(await refused()).toBe(2)
      for (const stream of all.slice(0, half)) stream.stop()
      await until('half of them ended', async () => (await refused()) === 0)
      for (let n = 0; n < half; n++)
        await sql`insert into event_stream (node, dev_id) values ('killed', ${many.devId})`.execute(
          world.ctx.db,
        )
      const more = await listen({}, many)
      expect(more.response.status).toBe(200)
      more.stop()
      for (const stream of all) stream.stop()
    } finally {
      await second.close()
    }
  })

  it('gives its place back also when the database does not take that at once', async () => {
    const many = await world.addDeveloper({ scopes })
    const all = await Promise.all(Array.from({ length: ofDeveloperAtMost }, () => listen({}, many)))
    const counted = async (table: string) =>
      (await sql`select from ${sql.table(table)} where dev_id = ${many.devId}`.execute(world.ctx.db)).rows
        .length
    await sql`alter table event_stream rename to event_stream_away`.execute(world.ctx.db)
    const warned = vi.spyOn(world.ctx.log, 'warn')
    for (const stream of all) stream.stop()
    await Promise.all(all.map(stream => stream.ended))
    await until('it was refused', () => warned.mock.calls.length > 0)
    warned.mockRestore()
    expect(await counted('event_stream_away')).toBe(ofDeveloperAtMost)
    await sql`alter table event_stream_away rename to event_stream`.execute(world.ctx.db)
    await until('room again', async () => (await counted('event_stream')) === 0)
  })

  it('gives its place back also when nobody knows whether it was taken', async () => {
    const one = await world.addDeveloper({ scopes })
    const { db } = world.ctx
    // The server commits, and its answer is lost.
    const losing = new Proxy(db, {
      get(target, name) {
        if (name !== 'transaction') return Reflect.get(target, name, target)
        return () => ({
          async execute(work: (tx: Db) => Promise<unknown>) {
            await target.transaction().execute(work)
            throw new DatabaseAway('Connection terminated unexpectedly')
          },
        })
      },
    })
    const place = { id: await nextStreamId(db), node: world.ctx.nodeId, devId: one.devId, atMost: 1 }
    await expect(takeStream(losing, place)).rejects.toThrow(DatabaseAway)
    expect(await takeStream(db, { ...place, id: await nextStreamId(db) })).toBe(false)
    const releases = createRelease(world.ctx)
    releases(place.id, one.devId)
    await until('room again', async () => takeStream(db, { ...place, id: await nextStreamId(db) }))
  })

  it('closes the connection of a client that never reads', async () => {
    const { hostname, port } = new URL(world.server.url)
    const taken: Socket[] = []
    const take = (one: Socket) => taken.push(one)
    world.server.app.server.on('connection', take)
    const socket = connect({ host: hostname, port: Number(port) })
    await once(socket, 'connect')
    // Those of the calls before may come in beside it.
    const own = await until('the connection', () => taken.find(one => one.remotePort === socket.localPort))
    world.server.app.server.off('connection', take)
    const token = await dev.token()
    socket.write(`GET /api/event/stream?devToken=${token} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await once(socket, 'data')
    socket.pause()
    // More than the buffers of both ends hold.
    const { corpId } = world
    await world.ctx.db.transaction().execute(async tx => {
      const seq = await lockFeed(tx, corpId)
      await sql`insert into directory_change (corp_id, seq, kind, op, entity_id, at)
        select ${corpId}, ${seq} + n, 'member', 'put', 'zhangsan', now() from generate_series(1, 30000) n`.execute(
        tx,
      )
      await endFeed(tx, corpId, seq + 30_000, new Date())
    })
    await until('the end of the connection', () => own.destroyed)
    socket.destroy()
  })

  it('ends when the node stops', async () => {
    const node = await startServer(readConfig(world.env), { log: createLog('silent') })
    const stream = await listen({}, dev, {}, node.url)
    await rename('zhangsan', '别的节点')
    await come(stream, 1)
    await node.close()
    await stream.ended
  })
})
