import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { createDatabaseAt } from '../../../test/postgres.ts'
import { startSilentProxy } from '../../../test/silent-proxy.ts'
import { until } from '../../../test/until.ts'
import { createLog } from '../operation/log.ts'
import { type Bus, createPostgresBus, persistently } from './bus.ts'
import { wayTo } from './ways/way.fixture.ts'

describe('the bus on PostgreSQL', () => {
  let url: string
  let bus: Bus
  let admin: pg.Client
  const said: string[] = []
  beforeEach(async () => {
    url = await createDatabaseAt(inject('postgresUrl'))
    said.length = 0
    bus = createPostgresBus({
      direct: wayTo(url),
      log: createLog('debug', { write: line => said.push(line) }),
    })
    admin = new pg.Client(url)
    await admin.connect()
  })
  afterEach(async () => {
    await bus.close()
    await admin.end()
  })

  const listeners = async () =>
    (
      await admin.query(
        `select pid from pg_stat_activity where application_name = 'wisp signals' and datname = current_database()`,
      )
    ).rows as { pid: number }[]

  it('brings every payload of a channel to its listener, at commit', async () => {
    const heard: string[] = []
    await bus.listen(
      'wisp_queue',
      payload => heard.push(payload),
      () => {},
    )
    await bus.listen(
      'wisp_directory',
      payload => heard.push(`inbox ${payload}`),
      () => {},
    )
    await admin.query('begin')
    await admin.query(`select pg_notify('wisp_queue', 'one')`)
    await admin.query(`select pg_notify('wisp_directory', 'two')`)
    expect(heard).toEqual([])
    await admin.query('commit')
    await until('both', () => heard.length === 2)
    expect(heard).toEqual(['one', 'inbox two'])
  })

  it('brings a payload to everyone who listens to the channel', async () => {
    const heard: string[] = []
    for (const who of ['one', 'other'])
      await bus.listen(
        'wisp_message',
        payload => heard.push(`${who} ${payload}`),
        () => {},
      )
    await admin.query(`select pg_notify('wisp_message', 'x')`)
    await expect.poll(() => heard).toEqual(['one x', 'other x'])
  })

  it('comes back after its connection was ended, says that there was a gap, and listens once', async () => {
    const heard: string[] = []
    let gaps = 0
    await bus.listen(
      'wisp_queue',
      payload => heard.push(payload),
      () => gaps++,
    )
    await bus.listen(
      'wisp_config',
      payload => heard.push(payload),
      () => gaps++,
    )
    for (let turn = 1; turn <= 4; turn++) {
      const [listener] = await listeners()
      await admin.query('select pg_terminate_backend($1)', [listener?.pid])
      await admin.query(`select pg_notify('wisp_queue', 'missed')`)
      await until('the gaps', () => gaps === turn * 2)
      await admin.query(`select pg_notify('wisp_queue', 'after ${turn}')`)
      await until('the signal', () => heard.at(-1) === `after ${turn}`)
      expect(await listeners()).toHaveLength(1)
    }
    expect(heard.filter(one => one.startsWith('after'))).toHaveLength(4)
  })

  it('tries again while PostgreSQL takes nobody in, with one connection in the end', async () => {
    let gaps = 0
    await bus.listen(
      'wisp_queue',
      () => {},
      () => gaps++,
    )
    const database = new URL(url).pathname.slice(1)
    const root = new pg.Client(inject('postgresUrl'))
    await root.connect()
    await root.query(`alter database ${database} allow_connections false`)
    const [listener] = await listeners()
    await admin.query('select pg_terminate_backend($1)', [listener?.pid])
    await until('three attempts', () => said.filter(line => line.includes('not restored')).length >= 3)
    expect(await listeners()).toHaveLength(0)
    await root.query(`alter database ${database} allow_connections true`)
    await root.end()
    await until('the gap', () => gaps === 1)
    expect(await listeners()).toHaveLength(1)
  })

  it('lets go of its connection for good when it is closed while it reconnects', async () => {
    await bus.listen(
      'wisp_queue',
      () => {},
      () => {},
    )
    const [listener] = await listeners()
    await admin.query('select pg_terminate_backend($1)', [listener?.pid])
    await bus.close()
    // Another one that loses its connection after that is back later than the closed one would be.
    const other = createPostgresBus({ direct: wayTo(url), log: createLog('silent') })
    let isBack = false
    await other.listen(
      'wisp_queue',
      () => {},
      () => {
        isBack = true
      },
    )
    const [later] = await listeners()
    await admin.query('select pg_terminate_backend($1)', [later?.pid])
    await until('the other one is back', () => isBack)
    expect(await listeners()).toHaveLength(1)
    await other.close()
    await until('nobody listens', async () => (await listeners()).length === 0)
  })
})

describe('the bus over a connection that goes silent without a reset', () => {
  const silentMs = 3000

  it('gives it up after three seconds, and tells listeners and watcher in this order', async () => {
    const url = await createDatabaseAt(inject('postgresUrl'))
    const proxy = await startSilentProxy(url)
    const told: string[] = []
    const bus = createPostgresBus({
      direct: wayTo(proxy.url),
      log: createLog('silent'),
      onSilence: () => told.push('silence'),
    })
    let readAnew = () => {}
    bus.watch({
      onLost: heardMs => told.push(heardMs > silentMs - 1500 ? 'lost' : `lost after ${heardMs}`),
      onCaughtUp: () => told.push('caught up'),
    })
    await bus.listen(
      'wisp_queue',
      payload => told.push(payload),
      () => {
        told.push('gap')
        return new Promise<void>(resolve => {
          readAnew = resolve
        })
      },
    )
    proxy.goSilent()
    const started = performance.now()
    await expect.poll(() => told, { timeout: 5000, interval: 10 }).toEqual(['silence', 'lost', 'gap'])
    expect(performance.now() - started).toBeLessThan(silentMs + 1000)
    readAnew()
    await expect.poll(() => told.at(-1)).toBe('caught up')
    const other = new pg.Client(url)
    await other.connect()
    await other.query("select pg_notify('wisp_queue', 'heard')")
    await other.end()
    await expect.poll(() => told.at(-1)).toBe('heard')
    await bus.close()
    await proxy.close()
  })

  it('tries until somebody answers, and can be closed while nobody does', async () => {
    const proxy = await startSilentProxy(await createDatabaseAt(inject('postgresUrl')))
    let gaps = 0
    let silences = 0
    const opened = () =>
      createPostgresBus({ direct: wayTo(proxy.url), log: createLog('silent'), onSilence: () => silences++ })
    const [bus, closed] = [opened(), opened()]
    for (const one of [bus, closed])
      await one.listen(
        'wisp_queue',
        () => {},
        () => gaps++,
      )
    let lost = 0
    bus.watch({ onLost: () => lost++, onCaughtUp: () => {} })
    proxy.goSilent({ newOnesToo: true })
    await closed.close()
    await expect.poll(() => lost, { timeout: 15_000 }).toBe(2)
    // Silence was noticed on the listening connection and on the one that should have replaced it.
    expect([silences, gaps]).toEqual([2, 0])
    proxy.recover()
    await expect.poll(() => gaps, { timeout: 10_000 }).toBe(1)
    await bus.close()
    await proxy.close()
  })
})

/** The promise never rejects, so that a caller need not wait for it. */
describe('bringing up to date persistently', () => {
  it('tries again until it works, and once more for signals that came in the meantime', async () => {
    const failures: unknown[] = []
    let turns = 0
    let release = () => {}
    const call = persistently(
      async () => {
        turns++
        if (turns === 1) throw new Error('the database is away')
        if (turns === 2) await new Promise<void>(resolve => (release = resolve))
      },
      { stopping: new AbortController().signal, onFailure: error => failures.push(error) },
    )
    void call()
    await expect.poll(() => turns).toBe(2)
    let isDone = false
    void call().then(() => {
      isDone = true
    })
    void call()
    expect(isDone).toBe(false)
    release()
    await expect.poll(() => turns).toBe(3)
    await expect.poll(() => isDone).toBe(true)
    expect([turns, failures.length]).toEqual([3, 1])
    void call()
    expect(turns).toBe(4)
  })

  it('ends with the process', async () => {
    const stop = new AbortController()
    let turns = 0
    const call = persistently(
      async () => {
        turns++
        stop.abort()
        throw new Error('closed')
      },
      { stopping: stop.signal, onFailure: () => turns++ },
    )
    await call()
    await call()
    expect(turns).toBe(1)
  })
})
