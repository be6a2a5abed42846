import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { ensureAdministrator } from '../../../callers/sign-in/administrator.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'

const png = Buffer.from('89504E470D0A1A0A', 'hex')

describe('apps on the command line', () => {
  let world: World
  let app: Server
  let base: string
  let answer = "{'menuList': [{'name': '首页', 'path': '/home', 'orderNum': 1, 'children': []}]}"
  let asked = ''
  beforeAll(async () => {
    app = createServer((request, response) => {
      asked = request.url ?? ''
      response.end(answer)
    })
    await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
    world = await startWorld({ members: 8, departments: 3, tags: 1 })
    await ensureAdministrator(world.ctx)
  })
  afterAll(async () => {
    app.close()
    await world.close()
  })

  const wisp = (...words: string[]) => runCommand(world.ctx, words)
  const only = () => world.ctx.apps.ofCorp(world.corpId)[0]

  it('are added with all that the app centre knows, and synced at once', async () => {
    const icon = join(world.env['WISP_DATA_DIR'] ?? '', 'icon.png')
    writeFileSync(icon, png)
    const settings = `--home-url ${base}/home --mobile-url ${base}/m --category 示例 --sort 9 --open-in frame`
    const more = `--origins https://cdn.example,https://b.example/x --sync-url ${base}/menu?a=1 --departments 1`
    const words = `app add --name 示例 ${settings} ${more} --icon ${icon} --members zhangsan`.split(' ')
    const { data, text } = await wisp(...words)
    expect(text).toContain('菜单已同步为版本 1，共 1 项')
    expect(data).toMatchObject({ sync: { outcome: 'new' } })
    expect(asked).toMatch(/^\/menu\?a=1&id=app\w+&userId=admin&jessionId=/)
    expect(only()).toMatchObject({
      name: '示例',
      openIn: 'frame',
      sortNo: 9,
      syncMenu: true,
      origins: [base, 'https://cdn.example', 'https://b.example'],
      visibility: { everyone: false, departments: [1], memberIds: [expect.any(Number)] },
      iconHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      menuN: 1,
    })
  })

  it('are synced as a member, with exit code 1 for a bad answer; menus and versions are shown', async () => {
    const id = only()?.id ?? ''
    answer = 'nonsense'
    const failed = await wisp('app', 'sync', id, '--as', 'zhangsan')
    expect(asked).toContain('&userId=zhangsan&')
    expect([failed.failed, failed.text]).toEqual([
      true,
      expect.stringContaining('菜单没有同步：答复不是 JSON'),
    ])
    expect((await wisp('app', 'menu', id)).text).toBe('首页  /home')
    answer = '{menuList: []}'
    await wisp('app', 'sync', id)
    expect((await wisp('app', 'menu', id)).text).toBe('没有菜单')
    expect((await wisp('app', 'menu', id, '--rollback', '1')).text).toContain('当前菜单是版本 3')
    const { data } = await wisp('app', 'menu', id, '--versions')
    expect(data).toMatchObject([{ n: 3, source: 'rollback', isCurrent: true }, { n: 2 }, { n: 1 }])
  })

  it('are changed, switched off and on, and removed', async () => {
    const id = only()?.id ?? ''
    await wisp('app', 'set', id, '--everyone', '--sync-url', '', '--remove-icon', '--mobile-url', '')
    expect(only()).toMatchObject({
      syncMenu: false,
      iconHash: null,
      mobileUrl: '',
      visibility: { everyone: true },
    })
    expect((await wisp('app', 'disable', id)).text).toBe('已停用 示例')
    expect(only()?.enabled).toBe(false)
    await wisp('app', 'enable', id)
    await expect(wisp('app', 'set', id, '--everyone', '--tags', '1')).rejects.toThrow('不能同用')
    await expect(wisp('app', 'set', id, '--home-url', 'javascript:x')).rejects.toThrow('homeUrl')
    await expect(wisp('app', 'set', id, '--icon', '/nowhere.png')).rejects.toThrow('无法读取')
    expect((await wisp('app', 'list')).text).toContain('示例')
    await wisp('app', 'remove', id)
    expect(only()).toBeUndefined()
  })
})
