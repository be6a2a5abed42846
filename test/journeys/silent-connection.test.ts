import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rotateSecret, setDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { callerOf, startWorld, type World } from '../harness.ts'
import { type SignedInClient, signIn } from '../sign-in.ts'
import { type SilentProxy, startSilentProxy } from '../silent-proxy.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

/** Without its own checks a node would learn of it from TCP, after minutes. Two seconds are usual on a machine that is idle. */
const noticedWithinMs = 15_000

/**
 * The other node reaches PostgreSQL through a proxy that, like a NAT, can forget connections without closing them.
 */
describe('a node whose connections went silent', () => {
  let world: World
  let proxy: SilentProxy
  let other: ServerProcess
  beforeAll(async () => {
    world = await startWorld()
    proxy = await startSilentProxy(world.env['WISP_DATABASE_URL'] ?? '')
    other = await startProcess({ ...world.env, WISP_DATABASE_URL: proxy.url })
  })
  afterAll(async () => {
    await other.stop()
    await proxy.close()
    await world.close()
  })

  const signInThere = async (userId: string): Promise<SignedInClient> =>
    signIn({ ...world, server: { ...world.server, url: other.url } }, { userId })
  async function newDeveloper() {
    const developer = await world.addDeveloper()
    const far = await eventually('the other node knows a new developer', async () => {
      const caller = callerOf(other.url, developer)
      return (await caller.get('/api/org/list')).retCode === '0' && caller
    })
    return { devId: developer.devId, far }
  }

  it('hears in time of rights that were taken on the other node during the silence, and follows again', async () => {
    const [disabled, revoked] = [await newDeveloper(), await newDeveloper()]
    const visitor = await signInThere('zhangsan')
    expect(await visitor.get('/web/portal/me')).toMatchObject({ status: 200 })
    proxy.goSilent()
    const started = performance.now()
    await setDeveloper(world.ctx, 'test', disabled.devId, { enabled: false })
    await rotateSecret(world.ctx, 'test', revoked.devId, true)
    await world.ctx.sessions.end(visitor.sessionId)
    const added = await world.addDeveloper()
    // No signal has reached the other node, so what is refused below is refused because the node reread it.
    expect((await disabled.far.get('/api/org/list')).retCode).toBe('0')
    expect((await revoked.far.get('/api/org/list')).retCode).toBe('0')
    expect((await visitor.get('/web/portal/me')).status).toBe(200)
    await eventually('all of it is refused', async () => {
      const answers = await Promise.all([
        disabled.far.get('/api/org/list'),
        revoked.far.get('/api/org/list'),
        visitor.get('/web/portal/me'),
      ])
      return answers[0]?.retCode === '1004' && answers[1]?.retCode === '1004' && answers[2]?.status === 401
    })
    const noticedMs = performance.now() - started
    console.log(`noticed after ${Math.round(noticedMs)} ms`)
    expect(noticedMs).toBeLessThan(noticedWithinMs)
    const addedThere = callerOf(other.url, added)
    expect((await addedThere.get('/api/org/list')).retCode).toBe('0')
    await setDeveloper(world.ctx, 'test', added.devId, { enabled: false })
    await eventually(
      'signals are heard again',
      async () => (await addedThere.get('/api/org/list')).retCode === '1004',
    )
  })

  it('hangs on no dead connection: who waits for an answer is told, and the next one is served', async () => {
    const visitor = await signInThere('lisi')
    // Otherwise the node may have no connection left, and open one that works.
    const before = await signInThere('zhangsan')
    expect(await before.get('/web/portal/me')).toMatchObject({ status: 200 })
    proxy.goSilent()
    const started = performance.now()
    const answer = await visitor.get('/web/portal/me')
    expect(answer).toMatchObject({ status: 503, retCode: '1013' })
    expect(performance.now() - started).toBeLessThan(noticedWithinMs)
    await eventually(
      'the next one is served',
      async () => (await visitor.get('/web/portal/me')).status === 200,
    )
  })

  it('tells callers in seconds while new connections are swallowed too, and serves them afterwards', async () => {
    const visitor = await signInThere('wangwu')
    proxy.goSilent({ newOnesToo: true })
    const me = () => visitor.get('/web/portal/me')
    // The first call waits on a dead connection, the second for a new one.
    for (let turn = 0; turn < 2; turn++) {
      const started = performance.now()
      expect(await me()).toMatchObject({ status: 503, retCode: '1013' })
      expect(performance.now() - started).toBeLessThan(2 * noticedWithinMs)
    }
    expect((await fetch(`${other.url}/healthz`)).status).toBe(200)
    const warnings = async () => {
      const response = await fetch(`${other.url}/readyz`)
      return ((await response.json()) as { warnings: string[] }).warnings.join()
    }
    expect(await warnings()).toContain('the database does not answer')
    proxy.recover()
    await eventually('the database is heard', async () => !(await warnings()).includes('the database'))
    expect(await me()).toMatchObject({ status: 200 })
  })
})
