import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { createLog } from '../../platform/operation/log.ts'
import { newSource, post } from './source.fixture.ts'
import { addSource, removeSource, rotateSource, setSource } from './sources.ts'
import { sourceNotUnderstood } from './unrecognised/cause.ts'

let world: World
let admin: SignedInClient
const lines: string[] = []

beforeAll(async () => {
  const write = (line: string) => lines.push(line)
  world = await startWorld({
    members: 30,
    departments: 4,
    overrides: { log: createLog('debug', { write } as never) },
  })
  admin = await signInAs(world, 'super')
})
afterAll(() => world.close())

const todo = (change: object = {}) => ({
  syscode: 'OA',
  flowid: 'f1',
  requestname: '请假',
  workflowname: '请假',
  receiver: 'zhangsan',
  pcurl: 'https://oa.example.com/1',
  receivets: '1000',
  ...change,
})
const path = 'rest/ofs/ReceiveRequestInfoByJson'

describe('a source', () => {
  it('refuses in the vendor’s words: wrong key, wrong address, switched off, too large', async () => {
    const weaver = await newSource(world, { kind: 'weaver' })
    const wrong = await post(`${world.server.url}/api/todo/source/${'0'.repeat(40)}/${path}`, todo())
    expect(wrong.status).toBe(404)
    const refusals = {
      weaver: { status: 200, json: { operResult: '0', operType: 'Check' } },
      seeyon: { status: 403, json: { success: false, errorMsgs: [expect.any(String)] } },
      landray: { status: 403, json: { returnState: 1, message: expect.any(String) } },
    } as const
    for (const kind of ['weaver', 'seeyon', 'landray'] as const) {
      const source = await newSource(world, { kind, addresses: ['10.0.0.0/8'] })
      expect(await source.send(path, todo())).toMatchObject(refusals[kind])
      await setSource(world.ctx, 'test', world.corpId, source.id, {
        addresses: ['127.0.0.1'],
        enabled: false,
      })
      expect(await source.send(path, todo())).toMatchObject(refusals[kind])
      expect(await source.todos()).toEqual([])
      expect(await source.unrecognised()).toEqual([])
    }
    const large = await weaver.send(path, JSON.stringify(todo({ requestname: 'x'.repeat(2_100_000) })))
    expect(large).toMatchObject({ status: 200, json: { operResult: '0' } })
    const off = await newSource(world, { kind: 'weaver', enabled: false })
    expect((await off.send(path, todo())).json).toMatchObject({
      dataType: 'IsUse',
      message: '统一待办中心未启用',
    })
  })

  it('has an address that is in no log, can be another, and goes with it', async () => {
    const source = await newSource(world, { kind: 'weaver' })
    const key = source.base.split('/').at(-1)!
    await source.send(path, todo())
    await source.send('nowhere', todo())
    await fetch(`${source.base}/%`)
    await source.get('seeyon/rest/token/rest/a-password')
    expect((await source.unrecognised()).map(one => one.about)).toEqual([
      'POST nowhere',
      'GET seeyon/rest/token/…',
    ])
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).toContain('/api/todo/source/…')
    expect(lines.join('\n')).not.toContain(key)
    const { base } = await rotateSource(world.ctx, 'test', world.corpId, source.id)
    expect((await source.send(path, todo())).status).toBe(404)
    const now = `${world.server.url}${new URL(base).pathname}`
    expect((await post(`${now}/${path}`, todo())).json.operResult).toBe('1')
    await removeSource(world.ctx, 'test', world.corpId, source.id)
    expect((await post(`${now}/${path}`, todo())).status).toBe(404)
    expect(await source.todos()).toHaveLength(1)
  })

  it('is checked: addresses, prefixes, credentials, its app', async () => {
    const add = (settings: object) =>
      addSource(world.ctx, 'test', world.corpId, { kind: 'seeyon', name: 'OA', match: 'userid', ...settings })
    for (const wrong of [
      { name: '' },
      { addresses: ['10.0.0.0/99'] },
      { pcPrefix: 'ftp://x' },
      { userName: 'rest' },
      { password: 'x' },
      { kind: 'weaver', userName: 'a', password: 'b' },
      { appId: 'app000000000000' },
      { systems: [''] },
    ])
      await expect(add(wrong)).rejects.toThrow()
    const { source } = await add({ name: '致远协同' })
    expect(world.ctx.apps.get(world.corpId, source.appId).name).toBe('致远协同')
  })

  it('takes what two people are called by for neither', async () => {
    const source = await newSource(world, { kind: 'weaver', match: 'employeeNo' })
    const number = (userKey: string, value: string) =>
      world.ctx.db
        .updateTable('member')
        .set({ attributes: JSON.stringify([{ name: '工号', value, url: '' }]) as never })
        .where('corp_id', '=', world.corpId)
        .where('user_key', '=', userKey)
        .execute()
    for (const one of ['zhangsan', 'lisi']) await number(one, '00123')
    const given = todo({ receiver: '00123' })
    expect((await source.send(path, given)).json.message).toContain('检测接收人不唯一')
    await number('lisi', '00124')
    const [kept] = await source.unrecognised()
    expect(kept).toMatchObject({ reason: 'doubledReceiver', about: '00123' })
    const replayed = await admin.post('/web/todos/unrecognised/replay', { id: kept!.id })
    expect(replayed.body).toEqual({ applied: 1, left: 0 })
    expect(await source.todos()).toMatchObject([{ userId: 'zhangsan' }])
  })

  it('that keeps sending what nobody understands is a cause of an alert', async () => {
    const source = await newSource(world, { kind: 'weaver', name: '旧OA' })
    const found = async () =>
      (await sourceNotUnderstood.find(world.ctx)).found.filter(one => one.subject === source.id)
    await source.send(path, todo({ receiver: 'ghost' }))
    expect(await found()).toEqual([])
    for (let time = 0; time < 2; time++) await source.send(path, todo({ receiver: 'ghost' }))
    expect(await found()).toMatchObject([{ detail: { name: '旧OA', times: 3, reason: 'unknownReceiver' } }])
    // A done that waits for its to-do is nothing to be told of.
    const quiet = await newSource(world, { kind: 'weaver' })
    for (const flowid of ['1', '2', '3', '4'])
      await quiet.send('rest/ofs/ProcessDoneRequestByJson', todo({ flowid }))
    expect((await sourceNotUnderstood.find(world.ctx)).found.map(one => one.subject)).not.toContain(quiet.id)
  })
})

describe('on its ways in', () => {
  it('the console lists, shows the address, saves, and finds what was not understood', async () => {
    const added = await admin.post('/web/todos/sources/add', {
      kind: 'landray',
      name: '蓝凌',
      match: 'userid',
      userName: 'a',
      password: 'b',
      unknownSender: '0',
    })
    const { source, base } = added.body
    expect((await admin.post('/web/todos/sources/address', { id: source.id })).body.base).toBe(base)
    const saved = await admin.post('/web/todos/sources/save', {
      id: source.id,
      version: source.version,
      name: '蓝凌 EKP',
      match: 'email',
      userName: 'a',
      unknownSender: '0',
    })
    expect(saved.body).toMatchObject({ name: '蓝凌 EKP', hasPassword: true })
    const stale = await admin.post('/web/todos/sources/save', {
      id: source.id,
      version: source.version,
      name: 'x',
      match: 'email',
      unknownSender: '0',
    })
    expect(stale.status).toBe(409)
    await admin.post('/web/todos/sources/switch', { id: source.id, enabled: '0' })
    const { list } = (await admin.get('/web/todos/sources')).body
    expect(list.find((one: { id: string }) => one.id === source.id)).toMatchObject({ enabled: false })
    expect(JSON.stringify(list)).not.toContain(base)
    const other = await newSource(world, { kind: 'weaver' })
    await other.send(path, todo({ receiver: 'ghost' }))
    const page = (await admin.get('/web/todos/unrecognised', { source: other.id, waiting: '0' })).body
    expect(page).toMatchObject({
      total: 1,
      list: [{ title: '请假', about: 'ghost', reason: 'unknownReceiver' }],
    })
    expect(
      (await admin.post('/web/todos/unrecognised/replay-all', { source: other.id, waiting: '0' })).body,
    ).toEqual({ applied: 0, left: 1 })
    await admin.post('/web/todos/unrecognised/dismiss', { id: page.list[0].id })
    expect((await admin.get('/web/todos/unrecognised', { source: other.id, waiting: '1' })).body.total).toBe(
      0,
    )
  })

  it('the command line makes, lists, changes, replays and removes', async () => {
    const run = (...words: string[]) => runCommand(world.ctx, ['todo', 'source', ...words])
    const typed = [
      '--kind',
      'seeyon',
      '--name',
      '致远',
      '--match',
      'mobile',
      '--user',
      'rest',
      '--password',
      'secret',
    ]
    const { data, text } = await run('add', ...typed)
    const { id, base } = data as { id: string; base: string }
    expect(text).toContain(base)
    await run('set', id, '--addresses', '10.0.0.8', '--disable')
    expect(world.ctx.sources.get(world.corpId, id)).toMatchObject({ enabled: false, addresses: ['10.0.0.8'] })
    const moved = (await run('set', id, '--new-address', '--enable', '--addresses', '')).data as {
      base: string
    }
    expect(moved.base).not.toBe(base)
    expect((await run('list')).text).toContain(moved.base)
    const own = `${world.server.url}${new URL(moved.base).pathname}/seeyon/rest/thirdpartyPending/receive`
    expect((await post(own, {})).status).toBe(401)
    await run('set', id, '--user', '', '--password', '')
    expect((await post(own, { registerCode: '1' })).json.success).toBe(false)
    expect((await run('unrecognised', '--source', id)).text).toContain('taskId')
    expect((await run('replay', '--source', id)).data).toEqual({ applied: 0, left: 1 })
    await run('remove', id)
    expect((await run('list')).text).not.toContain(id)
  })

  it('management by API and the settings file set what the console sets', async () => {
    const manager = await managerBy(world, { scopes: ['admin:read', 'admin:apps'], corpId: world.corpId })
    const made = await manager.post('/api/admin/todo/source/add', {
      kind: 'weaver',
      name: '泛微',
      match: 'userid',
      settings: { systems: ['OA'] },
    })
    const { id, base } = made.body
    const own = `${world.server.url}${new URL(base).pathname}`
    expect((await post(`${own}/${path}`, todo({ syscode: 'HR' }))).json.operResult).toBe('0')
    await manager.post('/api/admin/todo/source/set', { id, settings: { systems: [] } })
    expect((await manager.post('/api/admin/todo/source/replay', {})).body.applied).toBeGreaterThan(0)
    expect(
      (await manager.get('/api/admin/todo/sources')).body.list.map((one: { id: string }) => one.id),
    ).toContain(id)
    const section = world.ctx.offered.settings.find(one => one.name === 'todoSources')!
    const items = await section.read(world.corpId)
    expect(items.find(one => one['id'] === id)).toMatchObject({ kind: 'weaver', systems: [] })
    await section.set('test', world.corpId, id, { enabled: false })
    expect(world.ctx.sources.get(world.corpId, id).enabled).toBe(false)
    await manager.post('/api/admin/todo/source/remove', { id })
    expect(
      (await manager.get('/api/admin/todo/sources')).body.list.map((one: { id: string }) => one.id),
    ).not.toContain(id)
  })
})

describe('what a source sends', () => {
  const batch = 'rest/ofs/BatchReceiveRequestInfoByJson'
  const many = (count: number) => Array.from({ length: count }, (_, n) => n)
  const refusal = async (path: string, body: string) => {
    const source = await newSource(world, { kind: 'weaver' })
    const { status, json } = await source.send(path, body)
    expect([status, json.operResult]).toEqual([200, '0'])
    return String(json.message)
  }

  it('has a size: 256 kB for one to-do, 2 MB for a list', async () => {
    const large = JSON.stringify(todo({ requestname: 'x'.repeat(300_000) }))
    expect(await refusal(path, large)).toContain('单条最多 256 KB')
    const source = await newSource(world, { kind: 'weaver' })
    const items = Array.from({ length: 200 }, (_, n) => todo({ flowid: `f${n}`, note: 'x'.repeat(2000) }))
    const answers = (await source.send(batch, items)).json as { operResult: string }[]
    expect(answers.filter(one => one.operResult === '1')).toHaveLength(200)
    const seeyon = await newSource(world, { kind: 'seeyon' })
    const list = { pendingList: [{ x: 'x'.repeat(300_000) }] }
    expect((await seeyon.send('seeyon/rest/thirdpartyPending/receive', list)).status).toBe(413)
    expect((await seeyon.send('seeyon/rest/thirdpartyPending/receive/pendings', list)).status).toBe(200)
  })

  it('is counted before it is read, JSON, JSON5, XML and JSON inside', async () => {
    expect(await refusal(path, JSON.stringify(todo({ many: many(5000) })))).toContain('5000 elements')
    expect(await refusal(path, `{'a':[${many(5000).join()}]}`)).toContain('5000 elements')
    expect(await refusal(path, `{"a":${'['.repeat(40)}${']'.repeat(40)}}`)).toContain('nested deeper than 32')
    expect(await refusal(path, `{'a':'${'x'.repeat(70_000)}'}`)).toContain('JSON5 > 65536')
    const source = await newSource(world, { kind: 'weaver' })
    const xml = await source.send('rest/ofs/ReceiveRequestInfoByXml', `<x>${'<a/>'.repeat(5001)}</x>`)
    expect(xml.text).toContain('5000 elements')
    const landray = await newSource(world, { kind: 'landray' })
    const item = { modelName: 'm', modelId: '1', type: '1', targets: `{"PersonNo":[${many(5001).join()}]}` }
    const sent = await landray.send('sysNotifyTodoRestService/sendTodo', item)
    expect(sent.json).toMatchObject({ returnState: 1, message: expect.stringContaining('5000 elements') })
  })

  it('in a list may have as many elements as its to-dos', async () => {
    const source = await newSource(world, { kind: 'weaver' })
    const items = Array.from({ length: 300 }, (_, n) => todo({ flowid: `g${n}`, more: many(20) }))
    const answers = (await source.send(batch, items)).json as { operResult: string }[]
    expect(answers.filter(one => one.operResult === '1')).toHaveLength(300)
  })

  it('at once belongs to it, and leaves other sources and callers theirs', async () => {
    const [busy, other] = [
      await newSource(world, { kind: 'weaver' }),
      await newSource(world, { kind: 'weaver' }),
    ]
    const large = `[${todoText(900_000)}]`
    const flood = Array.from({ length: 12 }, () => busy.send(batch, large))
    expect((await other.send(path, todo())).json.operResult).toBe('1')
    expect((await world.dev.get('/api/org/tagList')).retCode).toBe('0')
    const answers = await Promise.all(flood)
    expect(new Set(answers.map(one => one.status))).toEqual(new Set([200, 503]))
    expect((await busy.send(path, todo())).json.operResult).toBe('1')
  })

  function todoText(size: number): string {
    return JSON.stringify(todo({ note: 'x'.repeat(size) }))
  }
})
