import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import type { Demo } from '../../../scripts/demo/demo-file.ts'
import { ready, start, stop } from '../../journeys/start-process.ts'
import { cookieOf } from '../../journeys/visitor.ts'
import { startDemoWorld } from '../demo-world.ts'

/** A wisp of which pictures are taken. */
export type ScreenPlace = {
  url: string
  admin: { user: string; password: string }
  /** Of a session of the administrator with the second factor, which shows the pages of all corps. */
  adminCookie?: string
  /** `name=value; name=value` of a member's session. */
  cookieOf(userId: string): Promise<string>
  /** What `$id` stands for in the addresses of pages of one object. */
  objects: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** As `npm start` shows it, with a month's data. */
export async function openDemo(): Promise<ScreenPlace> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wisp-screens-'))
  // A password that was given need not be changed first.
  const one = await ready(start(dataDir, { WISP_ADMIN_PASSWORD: 'admin-password-1' }))
  const demo = one.demo()
  const cookie = await cookieOf(demo, 'zhangsan')
  const listOf = async (path: string, field: string) => {
    const response = await fetch(`${demo.platformUrl}${path}`, { headers: { cookie } })
    const { body } = (await response.json()) as { body: { list: Record<string, unknown>[] } }
    return String(body.list[0]?.[field] ?? '1')
  }
  return {
    url: demo.platformUrl,
    admin: demo.admin,
    adminCookie: await provedCookie(demo),
    cookieOf: userId => cookieOf(demo, userId),
    objects: {
      '/console/sync/runs': await listOf('/web/sync/runs', 'id'),
      // 张三 is an administrator, whom the help desk may not look at.
      '/console/help-desk': 'wangwu',
      '/console/operator': demo.corpId,
      '/console/messages/types': await listOf('/web/message-types', 'key'),
      '/console/apps': demo.appId,
      '/console/apps/developers': demo.devId,
      '/console/system/corps/agents': String(demo.agentId),
      ...officialAndPay(demo),
    },
    async close() {
      await stop(one.child)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Sets the second factor up, which the session then has. */
async function provedCookie({ platformUrl, admin }: Demo): Promise<string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  const post = async (path: string, body: object) => {
    const response = await fetch(`${platformUrl}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as { retMessage: string; body: Record<string, string> | null }
    if (!answer.body) throw new Error(`${path}: ${answer.retMessage}`)
    return { answer: answer.body, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  }
  const { cookie } = await post('/web/sign-in/password', { name: admin.user, password: admin.password })
  headers['cookie'] = cookie
  const session = await fetch(`${platformUrl}/web/session`, { headers })
  headers['x-wisp-csrf'] = ((await session.json()) as { body: { csrf: string } }).body.csrf
  const { setup = '', secret = '' } = (await post('/web/second-factor/begin', { proof: admin.password }))
    .answer
  await post('/web/second-factor/finish', { setup, code: new TOTP({ secret }).generate() })
  return cookie
}

const officialAndPay = ({ official, pay }: Demo): Record<string, string> => ({
  '/console/official/accounts': official?.[0]?.originalId ?? '1',
  '/console/payments/merchants': pay?.mchId ?? '1',
})

/** No corp is connected, or one with which nobody has done anything yet. */
export async function openNew(options: { isEmpty: true } | { isBare: true }): Promise<ScreenPlace> {
  const world = await startDemoWorld(options)
  const { admin, cookieOf, close } = world
  return { url: world.server.url, admin, cookieOf, objects: {}, close }
}
