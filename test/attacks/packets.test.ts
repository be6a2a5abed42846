import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  openAnswer,
  openSession,
  type Packet,
  packetOf,
  register,
  type Session,
} from '../../server/callers/packets/client.fixture.ts'
import { endpoints } from '../../server/features.ts'
import { codes } from '../../server/platform/http/errors.ts'
import { scopes } from '../../server/platform/http/scope.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { seed, soak } from '../soak.ts'

/** Throws broken packets, and good ones with rubbish inside. */
const runs = soak(300, 20_000)
const atOnce = 20
const get = '/api/user/get'
const params = { userId: 'zhangsan' }

let world: World
let dev: Caller
let sessions: Session[]
beforeAll(async () => {
  world = await startWorld({
    members: 20,
    departments: 4,
    tags: 1,
    overrides: { wecomOptions: { retries: 0, timeoutMs: 500 } },
  })
  dev = await world.addDeveloper({ packets: 'allowed', scopes: [...scopes] })
  const device = await register(dev, 'fuzz')
  sessions = [await openSession(dev, device, 'gcm'), await openSession(dev, device, 'md5')]
})
afterAll(() => world.close())

async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  const worker = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

const post = async (path: string, headers: Record<string, string>, body: string) =>
  fetch(`${world.server.url}${path}?devToken=${await dev.token()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

type Damage = (packet: Packet) => { headers: Record<string, string>; body: string }
const headerText = fc.string({ maxLength: 70 }).map(text => text.trim())
const headerName = fc.constantFrom('x-wisp-session', 'x-wisp-timestamp', 'x-wisp-nonce', 'x-wisp-signature')
const whole = (cipher: unknown) => JSON.stringify({ cipher })

const breaking: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(headerName, headerText).map(
    ([name, text]): Damage =>
      ({ headers, cipher }) => ({ headers: { ...headers, [name]: text }, body: whole(cipher) }),
  ),
  fc.tuple(headerName, fc.nat({ max: 100 }), fc.constantFrom('0', 'f', 'A', '-')).map(
    ([name, at, letter]): Damage =>
      ({ headers, cipher }) => {
        const text = headers[name] ?? ''
        const place = at % text.length
        const other = text[place] === letter ? '1' : letter
        const changed = text.slice(0, place) + other + text.slice(place + 1)
        return { headers: { ...headers, [name]: changed }, body: whole(cipher) }
      },
  ),
  fc.nat({ max: 8000 }).map(
    (bit): Damage =>
      ({ headers, cipher }) => {
        const bytes = Buffer.from(cipher, 'base64')
        const at = (bit >> 3) % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
        return { headers, body: whole(bytes.toString('base64')) }
      },
  ),
  fc.jsonValue().map(
    (value): Damage =>
      ({ headers }) => ({ headers, body: whole(value) }),
  ),
  fc.jsonValue().map(
    (value): Damage =>
      ({ headers }) => ({ headers, body: JSON.stringify(value) }),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }).map(
    (body): Damage =>
      ({ headers }) => ({ headers, body }),
  ),
)

it('answers one and the same text to whatever is broken, and stores nothing', async () => {
  const stored = async () => {
    const found = await sql<{ n: number }>`select count(*)::int as n from packet_nonce`.execute(world.ctx.db)
    return found.rows[0]?.n
  }
  const before = await stored()
  const texts = new Set<string>()
  await inTurns(fc.sample(breaking, { seed, numRuns: runs }), async broken => {
    const session = sessions[texts.size % 2] as Session
    const { headers, body } = broken(packetOf(session, get, params))
    const response = await post(get, headers, body)
    texts.add(`${response.status} ${await response.text()}`)
  })
  expect([...texts]).toEqual([
    expect.stringMatching(/^200 \{"retCode":"1000","retMessage":"参数错误: 报文无效：/),
  ])
  expect(await stored()).toBe(before)
  console.log(`${runs} broken packets, seed ${seed}`)
})

it('answers rubbish inside a good packet as a call of its own, encrypted', async () => {
  const paths = endpoints.filter(one => one.path.startsWith('/api/') && !one.isAlwaysClear)
  const plain = fc.oneof(
    fc.jsonValue().map(value => JSON.stringify(value)),
    fc
      .dictionary(
        fc.constantFrom('userId', 'orgId', 'searchName', 'tagId', '__proto__', 'devToken'),
        fc.jsonValue(),
      )
      .map(value => JSON.stringify(value)),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  const given = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(0, 1), plain)
  const known = new Set<string>(['0', ...Object.values(codes).map(one => one.code)])
  await inTurns(fc.sample(given, { seed, numRuns: runs }), async ([{ path }, which, text]) => {
    const session = sessions[which] as Session
    const { headers, cipher } = packetOf(session, path, text)
    const response = await post(path, headers, whole(cipher))
    const answer = await openAnswer(session, path, headers['x-wisp-nonce'] ?? '', response)
    expect([answer.isEncrypted, known.has(answer.retCode)], `${path} ${text}`).toEqual([true, true])
    expect(answer.retCode, `${path} ${text}: ${answer.retMessage}`).not.toBe('9999')
  })
})
