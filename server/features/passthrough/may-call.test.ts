import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { catalogue } from '../../upstream/catalogue/catalogue.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { checkIns, type PassthroughFixture, paths, startPassing } from './passing.fixture.ts'

let { world, front, dev, account, agentId, otherAgentId, appId, raw, codeOf, close } =
  {} as PassthroughFixture
beforeAll(async () => {
  ;({ world, front, dev, account, agentId, otherAgentId, appId, raw, codeOf, close } = await startPassing())
})
afterAll(() => close())
beforeEach(() => {
  front.seen.length = 0
})

describe('in whose name', () => {
  const list = (agent: string | number) => `/api/wecom/oa/meetingroom/list?agentId=${agent}`
  const body = '{}'

  it('is an enabled app of the developer', async () => {
    expect(await codeOf('/api/wecom/oa/meetingroom/list', { body })).toMatchObject({ retCode: '1001' })
    expect(await codeOf(list(''), { body })).toMatchObject({ retCode: '1001' })
    for (const wrong of [otherAgentId, 999_999, 'nothing', '0', '-1', `${agentId}.0`])
      expect(await codeOf(list(wrong), { body }), String(wrong)).toMatchObject({ retCode: '1002' })
    const { ctx, corpId } = world
    const theirs = await addApp(ctx, 'test', corpId, { name: '别人的', agentId: otherAgentId })
    expect(await codeOf(list(theirs.id), { body })).toMatchObject({ retCode: '1002' })
    await setApp(ctx, 'test', corpId, appId, { enabled: false })
    expect(await codeOf(list(agentId), { body })).toMatchObject({ retCode: '1002' })
    expect(await codeOf(list(appId), { body })).toMatchObject({ retCode: '1002' })
    await setApp(ctx, 'test', corpId, appId, { enabled: true })
    expect(front.seen).toEqual([])
  })

  it('is an official account that was granted', async () => {
    const gen = (id: string) => `/api/official/shorten/gen?account=${id}`
    const post = { body: '{"long_data":"x"}' }
    expect(await codeOf(gen(''), post)).toMatchObject({ retCode: '1001' })
    expect(await codeOf(gen('gh_000000000000'), post)).toMatchObject({ retCode: '1002' })
    const other = await world.bindOfficial('subscription')
    await setDeveloper(world.ctx, 'test', dev.devId, { accounts: [other.originalId] })
    expect(await codeOf(gen(account.originalId), post)).toMatchObject({ retCode: '1002' })
    await setDeveloper(world.ctx, 'test', dev.devId, { accounts: null })
    await switchFeatures(world.ctx, 'test', world.corpId, { official: false })
    expect(await codeOf(gen(account.originalId), post)).toMatchObject({ retCode: '1009' })
    await switchFeatures(world.ctx, 'test', world.corpId, { official: true })
  })

  it('is nobody else by the query or the body', async () => {
    const template = `/api/wecom/agent/get_workbench_template?agentId=${agentId}`
    expect(await codeOf(template, { body: `{"agentid":${agentId}}` })).toMatchObject({
      body: { type: 'normal' },
    })
    expect(await codeOf(template, { body: `{"agentid":"${agentId}"}` })).toMatchObject({ retCode: '0' })
    front.seen.length = 0
    const others = [
      `{"agentid":${otherAgentId}}`,
      `{"agentid":${otherAgentId},"agentid":${agentId}}`,
      `{"agentid":${agentId},"agentid":${otherAgentId}}`,
      `{"a":[{"agentid" : "${otherAgentId}"}]}`,
      `{"agent\\u0069d":${otherAgentId}}`,
      `{"AgentID":${otherAgentId}}`,
      '{"agentid":null}',
      '{"agentid":[1]}',
    ]
    for (const body of others)
      expect(await codeOf(template, { body }), body).toMatchObject({
        retCode: '1000',
        retMessage: expect.stringContaining(String(agentId)),
      })
    expect(await codeOf(`${template}&agentid=${otherAgentId}`, { body: '{}' })).toMatchObject({
      retCode: '1000',
    })
    const form = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--x--\r\n`
    const upload = `/api/wecom/media/upload?agentId=${agentId}&type=file`
    const type = 'multipart/form-data; boundary=x'
    expect(await codeOf(upload, { body: form('agentid', String(otherAgentId)), type })).toMatchObject({
      retCode: '1000',
    })
    expect(front.seen).toEqual([])
    expect(await codeOf(upload, { body: form('agentid', String(agentId)), type })).toMatchObject({
      retCode: '0',
    })
  })
})

describe('what may be called', () => {
  it('is what the developer was given, with the scope', async () => {
    const target = `/api/wecom/oa/meetingroom/list?agentId=${agentId}`
    const without = await world.addDeveloper({ upstreamPaths: ['wecom/oa/meetingroom/list'] })
    expect(await codeOf(target, { body: '{}', by: without })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('upstream:call'),
    })
    const other = await world.addDeveloper({ scopes: ['upstream:call'] })
    expect(await codeOf(target, { body: '{}', by: other })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('wecom/oa/meetingroom/list'),
    })
    expect((await fetch(`${world.server.url}${target}`, { method: 'POST' })).status).toBe(200)
  })

  it('is never what is closed, by whatever way', async () => {
    const closed = [
      'gettoken',
      'user/get',
      'user/list_id',
      'department/list',
      'tag/get',
      'message/send',
      'menu/create',
    ]
    for (const path of closed)
      expect(await codeOf(`/api/wecom/${path}?agentId=${agentId}`), path).toMatchObject({ retCode: '1009' })
    for (const path of [
      'token',
      'stable_token',
      'user/info',
      'message/custom/send',
      'menu/create',
      'openapi/rid/get',
    ])
      expect(await codeOf(`/api/official/${path}?account=x`), path).toMatchObject({ retCode: '1009' })
    expect(front.seen).toEqual([])
  })

  it('is a path of the catalogue to the letter', async () => {
    const crooked = [
      '../gettoken',
      'oa/../gettoken',
      'oa/./meetingroom/list',
      'oa//meetingroom/list',
      '/oa/meetingroom/list',
      'oa/meetingroom/list/',
      '%2e%2e/gettoken',
      'oa%2fmeetingroom%2flist',
      'oa/meetingroom/list%00',
      'oa/meetingroom/list;x=1',
      'oa\\meetingroom\\list',
      'https://example.com/cgi-bin/gettoken',
      '@example.com/x',
      '',
      'a'.repeat(200),
    ]
    for (const path of crooked) {
      const { status, text } = await raw(`/api/wecom/${path}?agentId=${agentId}`, { body: '{}' })
      expect([path, status]).toEqual([path, 404])
      expect(JSON.parse(text)).toMatchObject({ retCode: '1000' })
    }
    const unknown = await raw(`/api/wecom/oa/meetingroom/lits?agentId=${agentId}`, { body: '{}' })
    expect(unknown.status).toBe(404)
    expect(unknown.text).toContain('/api/wecom/oa/meetingroom/list')
    expect((await raw('/api/official/follower/gett')).status).toBe(404)
    for (const path of ['wecom/oa/meetingroom/list', 'official/shorten/gen']) {
      const [vendor, ...rest] = path.split('/')
      const asWritten = await raw(`/api/${vendor}/cgi-bin/${rest.join('/')}`, { body: '{}' })
      expect([asWritten.status, JSON.parse(asWritten.text).retCode], path).toEqual([404, '1000'])
      expect(asWritten.text, path).toMatch(new RegExp(`路径应去掉 cgi-bin/：/api/${path}"`))
    }
    expect(front.seen).toEqual([])
  })

  it('has a method or two, and nothing twice', () => {
    expect(new Set(catalogue.map(one => one.name)).size).toBe(catalogue.length)
    const both = catalogue.filter(one => one.methods.length === 2).map(one => one.name)
    expect(both).toEqual(['wecom/kf/account/list'])
    for (const { vendor, path } of catalogue) expect(path, vendor).toMatch(/^[a-z_]+(\/[a-z_0-9]+)*$/)
  })

  it('is called by its method, in JSON or a form, and in the clear', async () => {
    const list = `/api/wecom/oa/meetingroom/list?agentId=${agentId}`
    const wrong = await raw(list)
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'POST'])
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expect((await raw(list, { body: '{}', type })).status).toBe(415)
    for (const body of ['{', '[]', '1', '{"a":1}x'])
      expect(await codeOf(list, { body }), body).toMatchObject({ retCode: '1000' })
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=x', '--y\r\n'],
      ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    ] as const)
      expect(await codeOf(list, { body, type }), body).toMatchObject({ retCode: '1000' })
    const packet = await dev.post(list, {}, { 'x-wisp-session': 'abc' })
    expect(packet.retCode).toBe('1009')
    expect(await codeOf(`${list}&q=%E4`, { body: '{}' })).toMatchObject({ retCode: '1000' })
    expect(front.seen).toEqual([])
  })

  it('about people is approved, and not for a developer with a data scope', async () => {
    const { ctx } = world
    const personal = { scopes: ['upstream:call'], upstreamPaths: ['wecom/checkin/getcheckindata'] }
    await expect(world.addDeveloper(personal)).rejects.toThrow('批准')
    const approved = { ...personal, approvePersonal: true }
    await expect(
      world.addDeveloper({ ...approved, dataScope: { departments: [1], tags: [] } }),
    ).rejects.toThrow('数据范围')
    const { devId } = await world.addDeveloper(approved)
    await expect(
      setDeveloper(ctx, 'test', devId, { dataScope: { departments: [1], tags: [] } }),
    ).rejects.toThrow('数据范围')
    await setDeveloper(ctx, 'test', devId, { name: '改名' })
    // An older node lets a data scope be set beside it.
    await sql`update developer set scope_departments = '{1}' where dev_id = ${dev.devId}`.execute(ctx.db)
    await ctx.reloadConfig(world.corpId)
    const call = `/api/wecom/checkin/getcheckindata?agentId=${agentId}`
    expect(await codeOf(call, { body: JSON.stringify(checkIns()) })).toMatchObject({ retCode: '1009' })
    expect(await codeOf(`/api/wecom/oa/meetingroom/list?agentId=${agentId}`, { body: '{}' })).toMatchObject({
      retCode: '0',
    })
    await sql`update developer set scope_departments = null where dev_id = ${dev.devId}`.execute(ctx.db)
    await ctx.reloadConfig(world.corpId)
    for (const wrong of ['wecom/user/get', 'wecom/nothing', 'nothing', 'official/token'])
      await expect(setDeveloper(ctx, 'test', devId, { upstreamPaths: [wrong] }), wrong).rejects.toThrow(wrong)
  })
})

describe('the command line', () => {
  it('finds calls, and gives those about people by an approval', async () => {
    const { ctx } = world
    const found = await runCommand(ctx, ['developer', 'paths', '--search', '会议室'])
    expect(found.text).toContain('wecom/oa/meetingroom/list')
    expect(found.text).not.toContain('checkin')
    const { devId } = await world.addDeveloper({ scopes: ['upstream:call'] })
    const set = [
      'developer',
      'set',
      devId,
      '--paths',
      'wecom/checkin/getcheckindata,wecom/oa/meetingroom/list',
    ]
    await expect(runCommand(ctx, set)).rejects.toThrow('--approve-personal')
    const shown = await runCommand(ctx, [...set, '--approve-personal'])
    expect(shown.text).toContain('wecom/checkin/getcheckindata wecom/oa/meetingroom/list')
    await runCommand(ctx, ['developer', 'set', devId, '--paths', ''])
    expect(ctx.developers.get(devId)?.upstreamPaths.size).toBe(0)
  })
})

describe('the request log', () => {
  let as: SignedInClient
  beforeAll(async () => {
    as = await signInAs(world, 'super')
  })

  it('has the path, the errcode and what it means, and nothing of the content', async () => {
    const by = await world.addDeveloper({
      scopes: ['upstream:call'],
      upstreamPaths: paths,
      approvePersonal: true,
    })
    await addApp(world.ctx, 'test', world.corpId, { name: '日志', devId: by.devId, agentId })
    const call = `/api/wecom/checkin/getcheckindata?agentId=${agentId}`
    await codeOf(call, { body: JSON.stringify({ ...checkIns(), useridlist: ['secretperson'] }), by })
    await codeOf(`/api/wecom/oa/meetingroom/list?agentId=${agentId}&mobile=13800138000`, { body: '{}', by })
    await codeOf(`/api/wecom/user/get?agentId=${agentId}&userid=secretperson`, { by })
    await codeOf(`/api/wecom/sec/ret?agentId=${agentId}`, { by })
    const { body } = await as.get('/web/developers/requests', { devId: by.devId })
    expect(body.list).toMatchObject([
      { path: '/api/…', code: '1000', upstream: null },
      { code: '1009', upstream: null },
      {
        path: '/api/wecom/oa/meetingroom/list',
        code: '0',
        upstream: { vendor: 'wecom', errcode: 0, meaning: '' },
      },
      {
        path: '/api/wecom/checkin/getcheckindata',
        method: 'POST',
        code: '0',
        params: { agentId: String(agentId) },
        upstream: { vendor: 'wecom', errcode: 301021, meaning: expect.stringContaining('UserID') },
      },
      { path: '/api/token/getDevToken', upstream: null },
    ])
    for (const one of body.list.slice(2, 4)) expect(one.ms).toBeGreaterThan(0)
    expect(JSON.stringify(body.list)).not.toMatch(/secretperson|13800138000|sec\/ret/)
    // The clock of the server may be writing them at this moment.
    await until('the usage', async () => {
      await world.ctx.developers.flush()
      const { rows } = await sql<{ endpoint: string }>`
        select endpoint from developer_usage where dev_id = ${by.devId}`.execute(world.ctx.db)
      return rows.some(row => row.endpoint === '/api/wecom/checkin/getcheckindata')
    })
  })
})
