import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeRole, setRole } from '../../server/organisation/people/administrators.ts'
import type { World } from '../harness.ts'
import { closeBrowser, follow, look, phone, tablet, type Visit, type VisitOptions, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.admin('user/update', { userid: 'lisi', email: '' })
  await world.admin('user/update', { userid: 'yiwen', email: '' })
  await world.sync()
})
afterAll(async () => {
  await closeBrowser()
  await world.close()
})

const system: VisitOptions = { as: 'system' }
/** The window of the administrator, in which each test finds what the one before has done. */
let administrator: Visit
beforeAll(async () => {
  administrator = await visit(world, system)
})

async function at(path: string, options: VisitOptions, use: (opened: Visit) => Promise<void>): Promise<void> {
  const opened = options === system ? administrator : await visit(world, options)
  try {
    // A page that is open begins anew only when it is loaded.
    const isOpen = new URL(opened.page.url()).pathname === path.split('?')[0]
    await (isOpen ? opened.page.goto(path) : follow(opened.page, path))
    await use(opened)
    expect(opened.complaints).toEqual([])
  } finally {
    if (opened !== administrator) await opened.close()
  }
}

const file = join(tmpdir(), `wisp-directory-${process.pid}.csv`)
const graded: VisitOptions = {
  as: 'graded',
  userId: 'zhangsan',
  departments: [
    { departmentId: 3, manage: true },
    { departmentId: 5, manage: false },
  ],
}

it('keeps names in sight while a table is scrolled aside', () =>
  at('/console/directory', { as: 'system', size: tablet }, async ({ page }) => {
    const name = page.getByRole('link', { name: '黄军泽' })
    await name.waitFor()
    const before = await name.boundingBox()
    const over = await page.locator('.ant-table-content').evaluate(table => {
      table.scrollLeft = table.scrollWidth
      return table.scrollLeft
    })
    expect(over).toBeGreaterThan(20)
    expect(await name.boundingBox()).toEqual(before)
  }))

it('exports what is filtered', () =>
  at('/console/directory?status=disabled&sort=-userId', system, async ({ page }) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '导出 CSV' }).click(),
    ])
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n')
    expect(lines[0]).toBe('\uFEFF账号,姓名,别名,部门,职务,手机,邮箱,状态')
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.slice(1, -1).every(line => line.endsWith(',已禁用'))).toBe(true)
  }))

describe('the address book', () => {
  it('shows the tree, filters by it, and finds by pinyin', () =>
    at('/console/directory', system, async ({ page }) => {
      await page.getByRole('link', { name: '黄军泽' }).waitFor()
      await look(page)
      await page.getByRole('treeitem', { name: /财务部/ }).click()
      await page.getByRole('link', { name: '卢欣' }).waitFor()
      await page.getByRole('link', { name: '黄军泽' }).waitFor({ state: 'detached' })
      expect(page.url()).toContain('orgId=4')
      await page.getByPlaceholder('姓名、拼音、账号、手机号').fill('wangwu')
      await page.getByRole('link', { name: '卢欣' }).waitFor({ state: 'detached' })
      await page.getByRole('link', { name: '王五' }).waitFor()
      await follow(page, '/console/directory?text=nobodyatall')
      await page.getByText('没有符合条件的结果').waitFor()
    }))

  it('has the tree behind a button on a phone, and cards', () =>
    at('/console/directory', { as: 'system', size: phone }, async ({ page }) => {
      await page.getByRole('button', { name: '全部部门' }).click()
      await page.getByRole('treeitem', { name: /财务部/ }).click()
      await page.locator('.wisp-cards > li', { hasText: '卢欣' }).waitFor()
      await page.getByRole('link', { name: '黄军泽' }).waitFor({ state: 'detached' })
    }))

  it('opens a member with its own address', () =>
    at('/console/directory', system, async ({ page }) => {
      await page.getByPlaceholder('姓名、拼音、账号、手机号').fill('lisi')
      await page.getByRole('link', { name: '李四' }).click()
      await page.getByText('华宇智联科技集团 / 人力资源部').waitFor()
      expect(page.url()).toContain('open=lisi')
      await look(page)
      await page.getByRole('link', { name: '谁能看见' }).click()
      await page.getByRole('combobox', { name: '谁', exact: true }).fill('yiwen')
      await page.locator('.ant-select-item-option', { hasText: '易文' }).click()
      await page.getByText('易文 看得到 李四').waitFor()
      await page.getByText(/普通成员能看到自己的部门“人力资源部”/).waitFor()
      await page.locator('.ant-select-dropdown').waitFor({ state: 'hidden' })
      await look(page)
    }))

  it('tells of a member what changed, and leads to everything about them', () =>
    at('/console/directory?open=lisi', system, async ({ page }) => {
      const position = '顾问 7'
      await world.connectCallback()
      await world.admin('user/update', { userid: 'lisi', position, direct_leader: ['wangwu'] })
      await world.settle()
      await page.reload()
      await page.getByRole('link', { name: '最近变化' }).click()
      const changes = page.locator('.directory-change')
      await changes.filter({ hasText: new RegExp(`^职务 .+ → *改为 ${position}$`) }).waitFor()
      expect(await page.getByText(/#\d+/).count()).toBe(0)
      await look(page)
      await page.getByRole('link', { name: '‹ 资料' }).click()
      await look(page)
      await page.getByRole('link', { name: '王五', exact: true }).last().click()
      await page.waitForURL(/open=wangwu/)
      await page.goBack()
      const leads = async (name: string, to: RegExp) => {
        await page.getByRole('dialog').getByRole('link', { name, exact: true }).click()
        await page.waitForURL(to)
      }
      await leads('人力资源部', /\/directory\?orgId=3$/)
      await page.goBack()
      await leads('项目经理', /\/directory\/tags\?open=4$/)
      await page.goBack()
      await leads('收到的消息', /\/messages\?receiver=lisi$/)
      await page.goBack()
      await leads('登录与操作', /\/system\/audit\?actor=lisi$/)
      await page.goBack()
      await leads('发消息', /\/messages\/send\?to=lisi$/)
      await page.getByRole('main').getByText('李四').first().waitFor()
      await page.goBack()
      await leads('设为管理员', /\/directory\/roles\?open=lisi$/)
      await page.getByRole('dialog').getByText('李四').filter({ visible: true }).first().waitFor()
    }))

  it('changes the members of a tag', () =>
    at('/console/directory/tags', system, async ({ page }) => {
      await page.getByRole('link', { name: '党员' }).click()
      await page.getByRole('checkbox', { name: '熊子妍' }).waitFor()
      await look(page)
      await page.getByRole('button', { name: '添加成员或部门' }).click()
      await page.getByRole('combobox', { name: '成员', exact: true }).fill('wangwu')
      await page.locator('.ant-select-item-option', { hasText: '王五' }).click()
      await page.getByRole('button', { name: '加入标签' }).click()
      const dialog = page.locator('.ant-drawer')
      await dialog.getByRole('checkbox', { name: '王五' }).waitFor()
      await dialog.getByRole('checkbox', { name: '王五' }).check()
      await dialog.getByRole('button', { name: '移出标签' }).click()
      await page.locator('.ant-modal-confirm').getByRole('button', { name: '移出标签' }).click()
      await dialog.getByRole('checkbox', { name: '王五' }).waitFor({ state: 'detached' })
    }))

  it('imports good lines and says what is wrong with the others', () =>
    at('/console/directory/import', system, async ({ page }) => {
      const address = 'lisi@home.example'
      writeFileSync(file, `账号,手机,邮箱\nlisi,,${address}\nnobody,13812345678,\nyiwen,1381234,bad\n`)
      await page.getByText('点击选择 CSV 文件').waitFor()
      await look(page)
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByText('通讯录中没有此账号，或者不在您可见的部门').waitFor()
      await page.getByText('不是正确的邮箱地址').waitFor()
      await look(page)
      await page.goBack()
      await page.getByText('已选择').waitFor()
      writeFileSync(
        file,
        `账号,手机,邮箱,爱好\nlisi,,${address},钓鱼\nnobody,13812345678,,\nyiwen,1381234,bad,\n`,
      )
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByText('没有用到的列：爱好').waitFor()
      await look(page)
      await page.getByRole('button', { name: '继续' }).click()
      await page.getByText('不是正确的邮箱地址').waitFor()
      await page.goBack()
      await page.getByText('没有用到的列：爱好').waitFor()
      await page.goForward()
      await page.getByRole('button', { name: '导入 1 人' }).click()
      await page.getByText('导入完成').waitFor()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '下载结果（CSV）' }).click(),
      ])
      expect(readFileSync((await download.path()) ?? '', 'utf8')).toContain('2,lisi,李四')
      await page.goBack()
      await page.getByText('这个文件已经导入过了。').waitFor()
      expect(await page.getByRole('button', { name: '导入 1 人' }).isDisabled()).toBe(true)
      await page.goForward()
      await page.getByText('导入完成').waitFor()
      await world.settle()
      await page.goto('/console/directory?open=lisi&tab=sources')
      await page.getByText(`${address} · 导入`).waitFor()
    }))

  it('imports a file whose columns are called otherwise, once they are chosen', () =>
    at('/console/directory/import', system, async ({ page }) => {
      writeFileSync(file, '工号;家庭邮箱;备用邮箱\nyiwen;yiwen@home.example;other@home.example\n')
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByText('没有找到表头').waitFor()
      await look(page)
      const choose = async (column: string, header: string) => {
        await page.getByRole('combobox', { name: column }).click()
        await page.locator('.ant-select-item-option:visible', { hasText: header }).click()
      }
      await choose('账号', '工号')
      await page.getByRole('button', { name: '继续' }).click()
      await page.getByText('表头中没有“手机”（mobile）或“邮箱”（email）一列').waitFor()
      await choose('邮箱', '备用邮箱')
      await page.getByRole('button', { name: '继续' }).click()
      await page.getByRole('button', { name: '导入 1 人' }).waitFor()
      await page.getByText('other@home.example').waitFor()
      await page.getByRole('button', { name: '核对列' }).click()
      await choose('邮箱', '家庭邮箱')
      await look(page, { dark: true })
      await page.getByRole('button', { name: '继续' }).click()
      await page.getByRole('cell', { name: 'yiwen@home.example' }).waitFor()
      await page.getByRole('button', { name: '导入 1 人' }).click()
      await page.getByText('导入完成').waitFor()
      await world.settle()
      await page.goto('/console/directory?open=yiwen&tab=sources')
      await page.getByText('yiwen@home.example · 导入').waitFor()
    }))

  it('appoints and removes a graded administrator', () =>
    at('/console/directory/roles', system, async ({ page }) => {
      await page.getByRole('button', { name: '添加管理员' }).click()
      await page.getByRole('combobox', { name: '谁来当管理员' }).fill('zhaomin')
      await page.locator('.ant-select-item-option', { hasText: '赵敏' }).click()
      await page.getByRole('combobox', { name: '可管理的部门' }).fill('cwb')
      await page.locator('.ant-select-tree-title', { hasText: '财务部' }).click()
      await page.keyboard.press('Escape')
      await look(page)
      await page.locator('.ant-drawer-close').click()
      await page.getByRole('dialog', { name: '离开这里？' }).getByRole('button', { name: '取消' }).click()
      const add = page.locator('.ant-drawer').getByRole('button', { name: '添加管理员' })
      await setRole(world.ctx, 'test', world.corpId, 'zhaomin', { level: 2 })
      await add.click()
      // The server's refusal stands at the field that it is about.
      const who = page.locator('.ant-form-item', { hasText: '谁来当管理员' })
      await who.getByText('此人的角色刚刚被他人修改过').waitFor()
      await removeRole(world.ctx, 'test', world.corpId, 'zhaomin')
      await add.click()
      await page.getByRole('link', { name: '赵敏' }).waitFor()
      await look(page)
      const row = page.locator('tr', { hasText: '赵敏' })
      await row.getByRole('button', { name: '移除管理员' }).click()
      await page.locator('.ant-modal-confirm').getByRole('button', { name: '移除管理员' }).click()
      await page.getByRole('link', { name: '赵敏' }).waitFor({ state: 'detached' })
    }))

  it('shows a graded administrator its own departments and nothing else', () =>
    at('/console/directory', graded, async ({ page }) => {
      await page.getByRole('link', { name: '李四' }).waitFor()
      await look(page)
      expect(await page.getByRole('link', { name: '王五' }).count()).toBe(0)
      await page.getByRole('treeitem', { name: /研发中心/ }).waitFor()
      expect(await page.getByRole('treeitem', { name: /财务部/ }).count()).toBe(0)
      // No official account was given to them, so that there is nothing to do with any.
      const navigation = page.getByRole('navigation', { name: '主导航' })
      await navigation.getByRole('menuitem', { name: /服务$/ }).click()
      await navigation.getByRole('link', { name: '统一支付' }).waitFor()
      expect(await navigation.getByRole('link', { name: '公众号' }).count()).toBe(0)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: /搜索页面/ }).fill('公众号')
      await page.getByText('没有找到“公众号”').waitFor()
    }))
})

it('says that nothing was synced yet, and where to do it', async () => {
  const empty = await startWorld({ synced: false })
  try {
    const { addCorp } = await import('../../server/organisation/corps/corps.ts')
    const { corpId, contactSecret } = empty.sandbox
    await addCorp(empty.ctx, 'test', { corpId, name: '企业', contactSecret })
    const { page, close } = await visit(empty, { as: 'system' })
    await page.goto('/console/directory')
    await page.getByText('通讯录还没有同步').waitFor()
    await look(page)
    await page.getByRole('link', { name: '去同步' }).click()
    await page.waitForURL('**/console/sync')
    await close()
  } finally {
    await empty.close()
  }
})
