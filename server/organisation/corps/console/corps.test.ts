import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { limitPopups, popupsAreLimited } from '../../../features/apps/popup-rule.ts'
import { removeWhole } from '../../../features/corp-lifecycle/lifecycle.fixture.ts'

describe('the console of corps', () => {
  let world: World
  let system: SignedInClient
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 30, departments: 6 })
    system = await signInAs(world, 'system')
    as = await signInAs(world, 'super')
  })
  afterAll(() => world.close())

  const one = async () => (await as.get('/web/corps/one')).body
  const secrets = () => [world.sandbox.contactSecret, ...world.sandbox.agents.map(agent => agent.secret)]

  it('shows a super administrator their own', async () => {
    expect(await one()).toMatchObject({
      corpId: world.corpId,
      name: '测试企业',
      publicUrl: '',
      effectiveUrl: world.server.url,
      isPrivate: true,
      callback: {
        url: `${world.server.url}/admin/syncController/addressBookChange`,
        token: expect.stringMatching(/^\w{24}$/),
        encodingAesKey: expect.stringMatching(/^\w{43}$/),
      },
      contactSecretAt: expect.any(String),
      regime: 'full',
      diagnosis: null,
    })
  })

  it('saves name, address and callback, and refuses a form that is stale', async () => {
    const { version } = await one()
    const form = { version, name: ' 新名 ', publicUrl: 'https://wisp.example.com', hintTokenRequired: '1' }
    const saved = await as.post('/web/corps/save', { ...form, callbackToken: 'tokentoken' })
    expect(saved.body).toMatchObject({
      name: '新名',
      publicUrl: 'https://wisp.example.com',
      isPrivate: false,
      hintTokenRequired: true,
      callback: {
        url: 'https://wisp.example.com/admin/syncController/addressBookChange',
        token: 'tokentoken',
      },
    })
    const stale = await as.post('/web/corps/save', { ...form, name: '后来的' })
    expect(stale).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('已被他人修改') })
    expect((await one()).name).toBe('新名')
    const back = { version: saved.body.version, name: '测试企业', publicUrl: '', hintTokenRequired: '0' }
    expect((await as.post('/web/corps/save', back)).body.callback.token).toBe('tokentoken')
  })

  it('lets one of two administrators who save at once win', async () => {
    const { version } = await one()
    const answers = await Promise.all(
      ['甲', '乙'].map(name => as.post('/web/corps/save', { version, name, hintTokenRequired: '0' })),
    )
    expect(answers.map(answer => answer.retCode).sort()).toEqual(['0', '1000'])
  })

  it.each([
    [{ name: '' }, '1001'],
    [{ hintTokenRequired: 'yes' }, '1000'],
    [{ version: '' }, '1001'],
  ])('refuses to save %j', async (change, code) => {
    const { version, name } = await one()
    expect((await as.post('/web/corps/save', { version, name, ...change })).retCode).toBe(code)
  })

  it('tries a new contact secret first, and shows what WeCom says to a wrong one', async () => {
    const before = await one()
    const { version } = before
    const wrong = await as.post('/web/corps/rotate-secret', { version, contactSecret: 'wrong-wrong' })
    expect(wrong.body).toMatchObject({
      saved: false,
      checks: [{ id: 'contactSecret', state: 'failed', detail: expect.stringContaining('40001') }],
    })
    expect((await one()).version).toBe(version)
    const { contactSecret } = world.sandbox
    world.clock.offsetMs += 60_000
    const right = await as.post('/web/corps/rotate-secret', { version, contactSecret })
    expect(right.body).toMatchObject({ saved: true, checks: [{ state: 'ok' }] })
    const stale = await as.post('/web/corps/rotate-secret', { version, contactSecret })
    expect(stale.retCode).toBe('1000')
    expect(new Date((await one()).contactSecretAt) > new Date(before.contactSecretAt)).toBe(true)
    const forced = { version: (await one()).version, contactSecret: 'wrong-wrong', force: '1' }
    expect((await as.post('/web/corps/rotate-secret', forced)).body).toMatchObject({ saved: true })
    await as.post('/web/corps/rotate-secret', { version: (await one()).version, contactSecret })
  })

  it('adds, tests, changes and removes agents', async () => {
    const [agent, other] = world.sandbox.agents
    if (!agent || !other) throw new Error('no agents')
    const form = { agentId: agent.agentId, name: '登录', uses: ['signin'] }
    const wrong = await as.post('/web/corps/agents/add', { ...form, secret: other.secret })
    expect(wrong.body).toMatchObject({
      saved: false,
      checks: [{ detail: expect.stringContaining('301002') }],
    })
    const added = await as.post('/web/corps/agents/add', { ...form, secret: agent.secret })
    expect(added.body).toMatchObject({ saved: true, checks: [{ state: 'ok' }] })
    expect(await as.post('/web/corps/agents/add', { ...form, secret: agent.secret })).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('已添加'),
    })
    const [row] = (await as.get('/web/corps/agents')).body.list
    expect(row).toEqual({
      agentId: agent.agentId,
      name: '登录',
      uses: ['signin'],
      secretAt: expect.any(String),
      version: expect.any(String),
    })
    const change = { ...form, version: row.version, uses: 'signin|messages' }
    expect((await as.post('/web/corps/agents/save', change)).body).toEqual({ saved: true, checks: [] })
    expect((await as.post('/web/corps/agents/save', change)).retCode).toBe('1000')
    const [changed] = (await one()).agents
    expect(changed).toMatchObject({ uses: ['signin', 'messages'], secretAt: row.secretAt })
    const test = await as.post('/web/corps/agents/test', { agentId: agent.agentId })
    expect(test.body).toMatchObject({ checks: [{ state: 'ok' }] })
    const bad = { ...form, version: changed.version, secret: 'bad-secret' }
    expect((await as.post('/web/corps/agents/save', bad)).body).toMatchObject({ saved: false })
    expect((await as.post('/web/corps/agents/remove', { agentId: agent.agentId })).retCode).toBe('0')
    expect((await as.post('/web/corps/agents/remove', { agentId: agent.agentId })).retCode).toBe('1000')
    expect((await one()).agents).toEqual([])
  })

  it.each([
    ['add', { agentId: 0, name: 'x', secret: 's' }, '1000'],
    ['add', { agentId: 1, name: 'x' }, '1001'],
    ['save', { agentId: 77, name: 'x', version: 'v' }, '1000'],
    ['test', { agentId: 77 }, '1000'],
    ['remove', {}, '1001'],
  ])('refuses agents/%s %j', async (act, body, code) => {
    expect((await as.post(`/web/corps/agents/${act}`, body)).retCode).toBe(code)
  })

  it('examines a corp and keeps what was found', async () => {
    const { body } = await as.post('/web/corps/doctor')
    const found = body.checks.find((check: { id: string }) => check.id === 'callback')
    expect(found).toMatchObject({ state: 'failed', fix: expect.stringContaining('通讯录同步') })
    expect(body.ok).toBe(false)
    expect(await one()).toMatchObject({ diagnosis: { failed: ['通讯录回调'], checks: body.checks } })
    expect((await one()).addresses).toEqual(['127.0.0.1'])
  })

  it('adds another corp when WeCom takes its secret, and removes it with all that is its', async () => {
    const form = { newCorpId: 'ww0000', name: '别家', contactSecret: world.sandbox.contactSecret }
    const refusedAnswer = await system.post('/web/corps/add', form)
    expect(refusedAnswer.body).toMatchObject({
      saved: false,
      checks: [{ detail: expect.stringContaining('40013') }],
    })
    expect((await system.post('/web/corps/add', { ...form, force: '1' })).body.saved).toBe(true)
    expect((await system.post('/web/corps/add', form)).retMessage).toContain('已存在')
    expect((await system.get('/web/corps/one', { corpId: 'ww0000' })).body.name).toBe('别家')
    expect((await as.get('/web/corps/one', { corpId: 'ww0000' })).status).toBe(403)
    await limitPopups(world.ctx, 'test', 'ww0000', 'registered')
    await limitPopups(world.ctx, 'test', world.corpId, 'registered')
    await removeWhole(world.ctx, 'ww0000')
    const left = await world.ctx.db
      .selectFrom('sync_run')
      .select('id')
      .where('corp_id', '=', 'ww0000')
      .execute()
    expect(left).toEqual([])
    expect(await popupsAreLimited(world.ctx.db, 'ww0000')).toBe(false)
    expect(await popupsAreLimited(world.ctx.db, world.corpId)).toBe(true)
  })

  it.each([
    [{ newCorpId: 'w w', name: 'x', contactSecret: 's', force: '1' }, '1000'],
    [{ newCorpId: 'ww1', contactSecret: 's' }, '1001'],
    [{ newCorpId: 'ww1', name: 'x', contactSecret: 's', publicUrl: 'ftp://x' }, '1000'],
  ])('refuses to add %j', async (body, code) => {
    expect((await system.post('/web/corps/add', body)).retCode).toBe(code)
  })

  it('lets no secret out, nor into the audit log', async () => {
    const answers = JSON.stringify([
      await one(),
      (await as.get('/web/corps/agents')).body,
      (await as.post('/web/corps/doctor')).body,
    ])
    const audit = JSON.stringify(await world.ctx.db.selectFrom('audit').selectAll().execute())
    expect(audit).toContain('corp.remove')
    for (const secret of [...secrets(), 'wrong-wrong']) {
      expect(answers).not.toContain(secret)
      expect(audit).not.toContain(secret)
    }
  })

  it('is for nobody below', async () => {
    const posts = [
      'save',
      'rotate-secret',
      'doctor',
      'agents/add',
      'agents/save',
      'agents/remove',
      'agents/test',
    ]
    for (const level of ['graded', 'member', 'nobody'] as const) {
      const other = await signInAs(world, level, 'lisi', [{ departmentId: 1, manage: true }])
      const status = level === 'nobody' ? 401 : 403
      for (const path of ['one', 'agents'])
        expect(await other.get(`/web/corps/${path}`), path).toMatchObject({ status })
      for (const path of [...posts, 'add'])
        expect(await other.post(`/web/corps/${path}`), path).toMatchObject({ status })
    }
    expect((await as.post('/web/corps/add')).status).toBe(403)
  })
})
