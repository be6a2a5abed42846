import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { wisp as typed, wispJson } from '../../../cli/cli.fixture.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { setRole } from '../../../organisation/people/administrators.ts'
import { pushTo, pushXml, textFields } from '../callback/push.fixture.ts'

describe('official accounts on the command line', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
  })
  afterAll(() => world.close())

  const wisp = (...words: string[]) => runCommand(world.ctx, words)
  const account = (originalId: string) => world.ctx.accounts.get(world.corpId, originalId)

  it('are added with a secret from standard input, and live at once', async () => {
    const words = 'official add --name 示例 --original-id gh_added --app-id wx123 --secret -'.split(' ')
    const added = await wispJson(world.env, words, 'made up\n')
    expect(added).toEqual({
      originalId: 'gh_added',
      callbackUrl: expect.stringMatching(/^http:.*\/admin\/publicMessage\/callback$/),
      token: expect.stringMatching(/^[A-Za-z0-9]{3,32}$/),
      encodingAesKey: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
      mode: 'secure',
    })
    // The command had a context of its own: the server hears of the account by a signal.
    await expect.poll(() => world.ctx.accounts.find('gh_added')).toBeDefined()
    expect(account('gh_added')).toMatchObject({ kind: 'service', verified: false, iconHash: null })
    const push = pushXml('gh_added', { msgId: '1', fields: textFields('你好') })
    expect(await pushTo(world.server.url, account('gh_added'), push)).toMatchObject({ status: 200 })
  })

  it('take every setting, and the values that are entered at WeChat already', async () => {
    const icon = join(world.env['WISP_DATA_DIR'] ?? '', 'icon.png')
    writeFileSync(icon, Buffer.from('89504E470D0A1A0A', 'hex'))
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
    const keys = `--token wisp --encoding-aes-key ${key} --mode compatible`
    const { data, text } = await wisp(
      ...'official add --name 订阅 --original-id gh_all --app-id wx9 --secret s --verified'.split(' '),
      ...`--kind subscription --icon ${icon} ${keys}`.split(' '),
    )
    expect(data).toMatchObject({ token: 'wisp', encodingAesKey: key, mode: 'compatible' })
    expect(text).toContain('兼容模式')
    expect(account('gh_all')).toMatchObject({ kind: 'subscription', verified: true })
    expect(account('gh_all').iconHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('are changed, listed and removed', async () => {
    const { data } = await wisp(
      ...'official set gh_all --unverified --remove-icon --disable --name 新名'.split(' '),
    )
    expect(data).toMatchObject({
      changed: expect.arrayContaining(['name', 'verified', 'enabled', 'iconHash']),
    })
    expect(account('gh_all')).toMatchObject({ verified: false, enabled: false, iconHash: null, name: '新名' })
    expect((await wisp('official', 'set', 'gh_all', '--token', 'another')).data).toMatchObject({
      token: 'another',
    })
    const list = await wisp('official', 'list')
    expect(list.text).toMatch(/gh_all +新名 +wx9 +公众号（原订阅号） +未认证 +停用 +从未/)
    expect(JSON.stringify(list.data)).not.toContain('another')
    const removed = await wisp('official', 'remove', 'gh_added')
    expect(removed.text).toMatch(/^已解绑 gh_added，一并删除: .*推送记录 1/)
    expect(world.ctx.accounts.find('gh_added')).toBeUndefined()
  })

  it('are given to graded administrators, these alone', async () => {
    const graded = (userId: string) =>
      setRole(world.ctx, 'test', world.corpId, userId, {
        level: 3,
        departments: [{ departmentId: 1, manage: false }],
      })
    await graded('lisi')
    await graded('wangwu')
    const grant = (list: string) => wisp('official', 'grant', 'gh_all', '--administrators', list)
    expect((await grant('lisi,wangwu')).text).toBe('已分配给 lisi、wangwu')
    expect(account('gh_all').grants.size).toBe(2)
    expect((await grant('wangwu')).data).toEqual({ originalId: 'gh_all', administrators: ['wangwu'] })
    expect((await grant('')).text).toContain('没有分配给任何')
    expect(account('gh_all').grants.size).toBe(0)
    await expect(grant('zhangsan')).rejects.toThrow('zhangsan 不是分级管理员')
    await expect(wisp('official', 'grant', 'gh_all')).rejects.toThrow('--administrators')
  })

  it('are examined, with exit code 1 for what has to be mended', async () => {
    const { failed, text } = await wisp('official', 'doctor', 'gh_all')
    expect(failed).toBe(true)
    expect(text).toContain('✗ 回调验证: 微信从未验证过回调地址')
  })

  it('have rules of automatic replies, listed with what stands in their way', async () => {
    const { corpId } = world
    const add = (...words: string[]) => wisp('official', 'rule', 'add', '--account', 'gh_all', ...words)
    for (const name of ['R1', 'R2']) await add('--keywords', '价格', '--name', name, '--reply-text', '一百')
    const { data, text } = await wisp('official', 'rule', 'list', '--account', 'gh_all')
    const rule = { corpId, originalId: 'gh_all', kind: 'keyword', words: ['价格'] }
    expect(data).toMatchObject({
      rules: [
        { ...rule, name: 'R1' },
        { ...rule, name: 'R2' },
      ],
      conflicts: [{ why: '关键词“价格”与“R1”相同，由后者回复' }],
    })
    expect(text).toContain('与“R1”相同')
  })

  it.each([
    ['official set gh_all', '没有要修改的设置'],
    ['official set gh_all --enable --disable', '不能同用'],
    ['official set gh_nobody --name x', '没有公众号 gh_nobody'],
    ['official add --name x --original-id gh_all --app-id wx1 --secret s', 'gh_all 已绑定'],
    ['official add --name x --original-id gh_x --app-id wx1 --secret s --kind both', '--kind'],
    ['official add --name x --original-id gh_x --app-id wx1 --secret s --icon /nowhere.png', '无法读取'],
  ])('refuse %s', async (words, why) => {
    await expect(wisp(...words.split(' '))).rejects.toThrow(why)
  })

  it('have their followers pulled, with progress', async () => {
    const { originalId } = await world.bindOfficial()
    const pulled = await wispJson(world.env, ['official', 'pull', '--account', originalId])
    expect(pulled).toMatchObject({ originalId, state: 'done', total: 1200, read: 1200, reason: null })
    const again = await typed(world.env, ['official', 'pull', '--account', originalId])
    expect(again.stderr).toContain('完成: 1200 / 1200 人')
    await expect(wisp('official', 'pull', '--account', 'gh_none')).rejects.toThrow('gh_none')
  })
})
