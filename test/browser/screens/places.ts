import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Demo } from '../../../scripts/demo/demo-file.ts'
import { ready, start, stop } from '../../journeys/start-process.ts'
import { cookieOf } from '../../journeys/visitor.ts'
import { startDemoWorld } from '../demo-world.ts'

/** A wisp of which pictures are taken. */
export type ScreenPlace = {
  url: string
  admin: { user: string; password: string }
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
    cookieOf: userId => cookieOf(demo, userId),
    objects: {
      '/console/sync/runs': await listOf('/web/sync/runs', 'id'),
      '/console/help-desk': 'zhangsan',
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
