import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pinyin } from 'pinyin-pro'
import { corpSize, generateCorp, type SampleCorp } from '../sandbox/corp/corp.ts'
import { digits, encrypt, sign } from '../sandbox/push/crypto.ts'
import { eventXml, envelope as pushEnvelope } from '../sandbox/push/xml.ts'
import type { BenchAccess } from './serve.ts'

export type Request = {
  method: 'GET' | 'POST'
  path: string
  body?: string
  cookie?: string
  headers?: Record<string, string>
  /** Of the body; JSON or XML unless stated. */
  type?: string
}

export function rawRequest({ method, path, body, cookie, headers = {}, type }: Request): string {
  const given = { ...headers, ...(cookie ? { Cookie: cookie } : {}) }
  const own = Object.entries(given)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${own}`
  if (body === undefined) return `${head}\r\n`
  const usual = body.startsWith('<') ? 'text/xml' : 'application/json'
  return `${head}Content-Type: ${type ?? usual}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

let files = 0

/** Writes the requests to a new file each time, because the load generator caches the last file it read. */
export function writeRequests(dir: string, requests: Request[]): string {
  const file = join(dir, `requests-${++files}.json`)
  writeFileSync(file, JSON.stringify(requests.map(rawRequest)))
  return file
}

/**
 * The data that requests are made from. The sample corp depends only on its size, so it is the same here and
 * in the sandbox.
 */
export type Population = {
  corp: SampleCorp
  tokens: string[]
  developers: BenchAccess['developers']
  /** Session cookies of members, the last one a super administrator; empty unless pages are measured. */
  cookies: string[]
}

export function sampleCorp(members: number): SampleCorp {
  return generateCorp(corpSize({ members }))
}

const quit = 5

function anyOf<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!
}

/** A random member who is in wisp's mirror. */
export function anyMember({ people }: SampleCorp) {
  for (;;) {
    const member = people.member(Math.floor(Math.random() * people.count))
    if (member.status !== quit) return member
  }
}

type Maker = (population: Population) => Request

const withToken = (path: string, { tokens }: Population, query: Record<string, string> = {}) =>
  `${path}?${new URLSearchParams({ devToken: anyOf(tokens), ...query })}`

export const makers = {
  userGet: all => ({
    method: 'GET',
    path: withToken('/api/user/get', all, { userId: anyMember(all.corp).userid }),
  }),
  devToken: ({ developers }) => ({
    method: 'GET',
    path: `/api/token/getDevToken?${new URLSearchParams(anyOf(developers))}`,
  }),
  wholeTree: all => ({ method: 'GET', path: withToken('/api/org/list', all) }),
  orgUserList: all => {
    const query = { orgId: String(anyOf(all.corp.departments).id), fetchChild: '1', pageNo: '1' }
    return { method: 'GET', path: withToken('/api/user/orgUserList', all, { ...query, pageSize: '100' }) }
  },
  search: all => ({
    method: 'POST',
    path: withToken('/api/user/search', all),
    body: JSON.stringify({ searchName: searchText(all.corp) }),
  }),
  workbench: ({ cookies }) => ({ method: 'GET', path: '/web/portal/workbench', cookie: anyOf(cookies) }),
  session: ({ cookies }) => ({ method: 'GET', path: '/web/session', cookie: anyOf(cookies) }),
  unread: ({ cookies }) => ({ method: 'GET', path: '/web/portal/unread', cookie: anyOf(cookies) }),
} satisfies Record<string, Maker>

/**
 * The search text always belongs to a member: two characters of the name, the mobile or its end, the full
 * pinyin or its initials.
 */
function searchText(corp: SampleCorp): string {
  const { name, mobile } = anyMember(corp)
  switch (Math.floor(Math.random() * 6)) {
    case 0:
    case 1:
      return Math.random() < 0.5 ? name.slice(0, 2) : name.slice(-2)
    case 2:
      return mobile || searchText(corp)
    case 3:
      return mobile.slice(-6) || searchText(corp)
    case 4:
      return readings(name).join('')
    default:
      return readings(name)
        .map(syllable => syllable[0])
        .join('')
  }
}

function readings(name: string): string[] {
  return pinyin(name, { toneType: 'none', type: 'array', mode: 'surname', surname: 'head', v: true })
}

export function makeRequests(maker: Maker, population: Population, count: number): Request[] {
  return Array.from({ length: count }, () => maker(population))
}

/** The departments that have a full page of members, so that every answer has 100 rows. */
export function departmentsWithAtLeast(corp: SampleCorp, members: number): SampleCorp['departments'] {
  const direct = new Map<number, number>()
  for (let slot = 0; slot < corp.people.count; slot++)
    for (const id of corp.people.departments(slot)) direct.set(id, (direct.get(id) ?? 0) + 1)
  const total = new Map(direct)
  const parents = new Map(corp.departments.map(one => [one.id, one.parentid]))
  for (const [id, count] of direct)
    for (let up = parents.get(id); up; up = parents.get(up)) total.set(up, (total.get(up) ?? 0) + count)
  // A margin for members who quit and for those counted twice in one subtree.
  return corp.departments.filter(one => (total.get(one.id) ?? 0) > members * 1.3)
}

let pushes = 0

/** A signed and encrypted push as WeCom sends it, about a real member. Each has its own content and nonce. */
export function contactPush(
  corp: SampleCorp,
  to: { corpId: string; callback: BenchAccess['callback'] },
): Request & { plainBytes: number; rawBytes: number } {
  const { userid, department } = anyMember(corp)
  const changed = { position: `高级工程师 ${process.pid}-${++pushes}`, alias: `Kevin${pushes}` }
  const at = Date.now()
  const { corpId, callback } = to
  const plain = eventXml(
    { type: 'update_user', userid, departments: department, changed },
    { corpId, at, stripped: false },
  )
  if (plain === undefined) throw new Error('the sandbox would not push this')
  const encrypted = encrypt(callback.encodingAesKey, plain, corpId)
  const timestamp = String(Math.floor(at / 1000))
  const nonce = digits(16)
  const query = new URLSearchParams({
    msg_signature: sign(callback.token, timestamp, nonce, encrypted),
    timestamp,
    nonce,
  })
  return {
    method: 'POST',
    path: `/admin/syncController/addressBookChange?${query}`,
    body: pushEnvelope(corpId, encrypted),
    plainBytes: Buffer.byteLength(plain),
    rawBytes: encrypted.length,
  }
}
