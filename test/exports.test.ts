import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './harness.ts'
import { type SignedInClient, signInAs } from './sign-in.ts'

let world: World
let system: SignedInClient

/** The lines below the head. */
async function linesOf(path: string, query: Record<string, string> = {}, as = system): Promise<string[]> {
  const address = `${world.server.url}${path}?${new URLSearchParams(query)}`
  const response = await fetch(address, { headers: { cookie: as.cookie } })
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  // text() would take the mark away by which a spreadsheet knows the encoding.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
  expect(text[0]).toBe('\uFEFF')
  return text.split('\r\n').slice(1, -1)
}

async function firstCellsOf(
  path: string,
  query?: Record<string, string>,
  as?: SignedInClient,
): Promise<string[]> {
  return (await linesOf(path, query, as)).map(line => line.split(',')[0] ?? '')
}

async function lastExport(): Promise<unknown> {
  return (await system.get('/web/audit', { act: 'export' })).body.list[0]
}

beforeAll(async () => {
  world = await startWorld()
  system = await signInAs(world, 'system')
})
afterAll(() => world.close())

describe('members as a file', () => {
  const path = '/web/directory/members/export'
  const list = async (query: Record<string, string>, as = system) =>
    (await as.get('/web/directory/members', { pageSize: '200', ...query })).body

  it.each<Record<string, string>>([
    { fetchChild: '1' },
    { orgId: '2', fetchChild: '1' },
    { orgId: '2', fetchChild: '0' },
    { fetchChild: '1', status: 'disabled' },
    { fetchChild: '1', text: 'zhang' },
  ])('has all that the filter leaves, and no more: %j', async query => {
    const { list: rows, total } = await list(query)
    expect(total).toBe(rows.length)
    expect((await firstCellsOf(path, query)).sort()).toEqual(
      rows.map((row: { userId: string }) => row.userId).sort(),
    )
  })

  it.each<Record<string, string>>([
    { fetchChild: '1', sort: '-userId' },
    { fetchChild: '1', sort: 'userName', text: 'zhang' },
  ])('has the order of the list: %j', async query => {
    const { list: rows } = await list(query)
    expect(await firstCellsOf(path, query)).toEqual(rows.map((row: { userId: string }) => row.userId))
  })

  it('shows a graded administrator no more than the list does', async () => {
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId: 2, manage: true }])
    const { list: rows } = await list({ fetchChild: '1' }, graded)
    const lines = await linesOf(path, { fetchChild: '1', sort: 'userId' }, graded)
    expect(lines).toHaveLength(rows.length)
    expect(lines.length).toBeLessThan((await linesOf(path)).length)
    for (const row of rows) {
      const [, , , departments, , mobile] = lines.find(line => line.startsWith(`${row.userId},`))!.split(',')
      expect(departments).toBe(row.departments.map((one: { orgName: string }) => one.orgName).join('、'))
      // The sign of a country's code would make a formula of it.
      expect(mobile?.replace("'", '')).toBe(row.mobile)
    }
    const response = await fetch(`${world.server.url}${path}?orgId=1`, { headers: { cookie: graded.cookie } })
    expect(await response.json()).toMatchObject({ retCode: '1005' })
  })

  it('is written down with its filter, and with who took it', async () => {
    await linesOf(path, { text: '张三', language: 'en' })
    expect(await lastExport()).toMatchObject({
      act: 'export',
      target: 'members',
      actor: 'admin',
      detail: { text: '张三' },
    })
  })

  it('makes no formula of a name', async () => {
    await world.admin('user/update', { userid: 'lisi', name: '=HYPERLINK("http://x")' })
    await world.sync()
    expect(await linesOf(path, { text: 'lisi' })).toEqual([
      expect.stringContaining(`lisi,"'=HYPERLINK(""http://x"")"`),
    ])
  })
})

describe('other lists as files', () => {
  it('has developers as they are filtered', async () => {
    const path = '/web/developers/export'
    expect(await firstCellsOf(path, { search: world.dev.devId })).toEqual([world.dev.devId])
    expect(await linesOf(path, { enabled: '0' })).toEqual([])
    expect(await lastExport()).toMatchObject({ target: 'developers', detail: { enabled: '0' } })
  })

  it('has events in their order, and those that are filtered', async () => {
    await world.connectCallback()
    for (const alias of ['小李', '老李']) await world.admin('user/update', { userid: 'lisi', alias })
    await world.settle()
    const { list } = (await system.get('/web/sync/events')).body
    const ids = list.map((one: { id: number }) => String(one.id))
    expect(ids.length).toBeGreaterThan(1)
    expect(await firstCellsOf('/web/sync/events/export')).toEqual(ids)
    expect(await firstCellsOf('/web/sync/events/export', { sort: 'id' })).toEqual(ids.reverse())
    expect(await linesOf('/web/sync/events/export', { entity: 'nobody' })).toEqual([])
    expect(await lastExport()).toMatchObject({ target: 'events', detail: { entity: 'nobody' } })
  })

  it('reads messages by the thousand, each once, the newest first', async () => {
    const at = Date.now() - 86_400_000
    // Several are of the same time, at the seams of the chunks too.
    const rows = Array.from({ length: 2500 }, (_, n) => ({
      id: `m${String(n).padStart(5, '0')}`,
      created_at: new Date(at + Math.floor(n / 7)),
      corp_id: world.corpId,
      dev_id: world.dev.devId,
      channel: 'wecom' as const,
      agent_id: 1,
      agent_name: n % 10 === 0 ? '工资' : '考勤',
      content: '',
      truncated: [],
      audience: '{}',
      answer: '{}',
      receivers: 0,
    }))
    await world.ctx.db
      .insertInto('message')
      .values(rows as never)
      .execute()
    const path = '/web/messages/export'
    const newestFirst = rows.map(row => row.id).reverse()
    expect(await firstCellsOf(path)).toEqual(newestFirst)
    expect(await firstCellsOf(path, { state: 'failed' })).toEqual(newestFirst)
    expect(await linesOf(path, { state: 'sent' })).toEqual([])
    expect(await linesOf(path, { agentName: '工资' })).toHaveLength(250)
    expect(await lastExport()).toMatchObject({ target: 'messages', detail: { agentName: '工资' } })
  })
})
