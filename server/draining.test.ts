import { once } from 'node:events'
import { Agent, get, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../test/harness.ts'
import { until } from '../test/until.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  dev = await world.addDeveloper({ scopes: ['directory:read', 'webhook:manage'] })
})
afterAll(() => world.close())

const refusal = { status: 503, retCode: '1013', retMessage: '服务暂不可用: 这个节点正在停止，请重试' }

async function ask(url: string, agent: Agent) {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  const { retCode, retMessage } = JSON.parse(await text(answer)) as { retCode: string; retMessage: string }
  const { connection, 'retry-after': retryAfter } = answer.headers
  return { status: answer.statusCode, retCode, retMessage, connection, retryAfter }
}

/** Asks over one connection as fast as it is answered, until something else than success comes. */
function keepAsking(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let asked = 0
  const ended = (async () => {
    try {
      for (;;) {
        const answer = await ask(url, agent)
        asked++
        if (answer.retCode !== '0') return answer
      }
    } catch (error) {
      return { hangUp: (error as NodeJS.ErrnoException).code }
    } finally {
      agent.destroy()
    }
  })()
  return { ended, asked: () => asked }
}

describe('a node that stops', () => {
  it('is not ready first, and answers all the same', async () => {
    world.ctx.draining.leave()
    const ready = await fetch(`${world.server.url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([404, { status: 'draining' }])
    expect((await fetch(`${world.server.url}/healthz`)).status).toBe(200)
    expect((await dev.get('/api/user/get', { userId: 'zhangsan' })).retCode).toBe('0')
  })

  it('then tells each of 64 callers by the envelope, and finishes what is under way', async () => {
    const { url } = world.server
    const devToken = await dev.token()
    const streaming = await fetch(`${url}/api/event/stream?devToken=${devToken}`)
    expect(streaming.status).toBe(200)
    const unused = connect(Number(new URL(url).port), '127.0.0.1')
    await once(unused, 'connect')
    const slow = request(`${url}/api/user/search?devToken=${devToken}`, {
      method: 'POST',
      agent: new Agent({ keepAlive: true }),
      headers: { 'content-type': 'application/json' },
    })
    slow.write('{"searchName":')
    const callers = Array.from({ length: 64 }, () =>
      keepAsking(`${url}/api/user/get?userId=zhangsan&devToken=${devToken}`),
    )
    await until('every caller was answered', () => callers.every(one => one.asked() > 2))
    await world.server.drain(0)
    const answers = await Promise.all(callers.map(one => one.ended))
    expect(answers).toEqual(callers.map(() => ({ ...refusal, connection: 'close', retryAfter: '1' })))
    expect(await streaming.text()).toMatch(/: beat\n[\s\S]*retry: 500\n\n$/)
    expect(await call(`${url}/api/user/get`)).toMatchObject(refusal)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const closed = world.server.close()
    slow.end('"张"}')
    const [answer] = (await once(slow, 'response')) as [IncomingMessage]
    expect(JSON.parse(await text(answer))).toMatchObject({ retCode: '0' })
    await closed
    expect(unused.destroyed || (await once(unused, 'close'))).toBeTruthy()
  })
})
