import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addApp } from '../../server/features/apps/apps.ts'
import { limitPopups } from '../../server/features/apps/popup-rule.ts'
import type { World } from '../harness.ts'
import { type AppServer, appFrame, post, startAppServer } from './app-server.ts'
import { axe, closeBrowser, desktop, fitsWidth, phone, type VisitOptions, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let app: AppServer
let foreign: AppServer
let appId: string

beforeAll(async () => {
  world = await startWorld({ members: 40, departments: 8 })
  app = await startAppServer(() => world.server.url)
  foreign = await startAppServer(() => world.server.url)
  ;({ id: appId } = await addApp(world.ctx, 'test', world.corpId, {
    name: '考勤打卡',
    homeUrl: `${app.origin}/home`,
    openIn: 'frame',
    devId: world.dev.devId,
  }))
})
afterAll(async () => {
  await closeBrowser()
  await app?.close()
  await foreign?.close()
  await world?.close()
})

async function withApp(
  run: (page: Page, frame: Frame) => Promise<void>,
  options: VisitOptions = {},
  base = '/portal',
): Promise<void> {
  const visited = await visit(world, { as: 'member', ...options })
  try {
    await visited.page.goto(`${base}/app/${appId}`)
    await run(visited.page, await appFrame(visited.page, '/home'))
  } finally {
    await visited.close()
  }
}

const dialog = (page: Page) => page.locator('dialog[open]')

describe('popups', () => {
  const size = async (page: Page) => {
    // Its page may do all but replace the portal around it.
    for (const frame of await page.locator('iframe').all()) {
      const rights = (await frame.getAttribute('sandbox'))?.split(' ')
      expect(rights).toContain('allow-scripts')
      expect(rights).not.toContain('allow-top-navigation')
    }
    const box = await dialog(page).locator('iframe').boundingBox()
    return [Math.round(box?.width ?? 0), Math.round(box?.height ?? 0)]
  }
  /** Resolves when the page has heard, and shown, what a window said before. */
  const settled = async (page: Page, from: Page | Frame) => {
    await page.evaluate(`window.isMarked = false
      addEventListener('message', ({ data }) => { window.isMarked ||= data === 'mark' })`)
    await from.evaluate(`top.postMessage('mark', '*')`)
    await page.waitForFunction('window.isMarked')
    await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
  }

  it('open as documented, with the wished size, and close from either page', async () => {
    await withApp(async (page, frame) => {
      const url = `${app.origin}/popup`
      await post(frame, { title: '测试弹窗', url, width: '100px', height: '100px' })
      await dialog(page).getByText('测试弹窗').waitFor()
      expect(await size(page)).toEqual([100, 100])
      await post(frame, null)
      await dialog(page).waitFor({ state: 'detached' })
      await post(frame, { title: '无尺寸', url: '/popup' })
      await dialog(page).waitFor()
      expect(await size(page)).toEqual([800, 560])
      expect(await dialog(page).getAttribute('aria-modal')).toBe('true')
      await axe(page)
      const embedded = await appFrame(page, '/popup')
      await embedded.click('#close')
      await dialog(page).waitFor({ state: 'detached' })
    })
  })

  it('close by Escape, give the focus back, and are replaced by the next', async () => {
    await withApp(async (page, frame) => {
      await frame.focus('#close')
      await post(frame, { title: '第一个', url: '/popup' })
      await dialog(page).getByText('第一个').waitFor()
      await post(frame, { title: '第二个', url: '/popup' })
      await dialog(page).getByText('第二个').waitFor()
      expect(await dialog(page).count()).toBe(1)
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.closest("dialog") !== null')).toBe(true)
      await dialog(page).getByRole('button', { name: '关闭' }).focus()
      await page.keyboard.press('Escape')
      await dialog(page).waitFor({ state: 'detached' })
      expect(await page.evaluate('document.activeElement.tagName')).toBe('IFRAME')
    })
  })

  it('take every size that can be meant, and no other', async () => {
    await withApp(async (page, frame) => {
      for (const [width, height, expected] of [
        ['abc', '-5px', [800, 560]],
        ['99999px', '99999px', [desktop.width - 48, desktop.height - 96]],
        ['50%', 300, [(desktop.width - 48) / 2, 300]],
      ] as const) {
        await post(frame, { title: `${width}`, url: '/popup', width, height })
        await dialog(page).getByText(`${width}`).waitFor()
        expect(await size(page)).toEqual(expected)
      }
      await fitsWidth(page)
    })
  })

  it('show where a foreign page is from, and are none for other addresses, windows and origins', async () => {
    await withApp(async (page, frame) => {
      const none = async (from: Page | Frame) => {
        await settled(page, from)
        expect(await dialog(page).count()).toBe(0)
      }
      for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', ''])
        await post(frame, { title: '坏地址', url })
      await post(frame, { url: '/popup' })
      await none(frame)
      await page.evaluate(`window.postMessage({ title: '自己', url: '/x' }, '*')`)
      await none(page)
      await frame.evaluate(`{
        const inner = document.createElement('iframe')
        inner.src = '${foreign.origin}/inner'
        document.body.append(inner)
      }`)
      const inner = await appFrame(page, '/inner')
      await inner.evaluate(`top.postMessage({ title: '里面', url: 'https://x.example/' }, '*')`)
      await none(inner)
      await post(frame, { title: '外站', url: `${foreign.origin}/outside` })
      await dialog(page).getByText(new URL(foreign.origin).host).waitFor()
      const outside = await appFrame(page, '/outside')
      await post(outside, { title: '越权', url: `${foreign.origin}/other` })
      await settled(page, outside)
      expect(await dialog(page).getByText('外站').count()).toBe(1)
      await post(outside, null)
      await dialog(page).waitFor({ state: 'detached' })
      // The app's frame has gone to another site: what that says is not the app's.
      await frame.evaluate(`location.assign('${foreign.origin}/gone')`)
      const gone = await appFrame(page, '/gone')
      await post(gone, { title: '冒充', url: `${foreign.origin}/x` })
      await none(gone)
    })
  })

  it('stay quick under thousands of messages', async () => {
    await withApp(async (page, frame) => {
      const sending = frame.evaluate(`(async () => {
        for (let n = 0; n < 3000; n++) {
          window.parent.postMessage({ title: '第' + n + '个', url: '/popup' }, '*')
          if (n % 100 === 0) await new Promise(resolve => setTimeout(resolve, 10))
        }
      })()`)
      const longest = page.evaluate(async () => {
        let longest = 0
        for (let n = 0, before = performance.now(); n < 40; n++) {
          await new Promise(resolve => setTimeout(resolve, 10))
          longest = Math.max(longest, performance.now() - before)
          before = performance.now()
        }
        return longest
      })
      await sending
      expect(await longest).toBeLessThan(1000)
      await dialog(page).getByText('第2999个').waitFor()
      expect(await dialog(page).count()).toBe(1)
    })
  })

  it('are limited to registered origins where an administrator says so', async () => {
    await limitPopups(world.ctx, 'test', world.corpId, 'registered')
    await withApp(async (page, frame) => {
      await post(frame, { title: '外站', url: `${foreign.origin}/outside` })
      await settled(page, frame)
      expect(await dialog(page).count()).toBe(0)
      await post(frame, { title: '自己的', url: '/popup' })
      await dialog(page).getByText('自己的').waitFor()
    })
    await limitPopups(world.ctx, 'test', world.corpId, 'any')
  })

  it('are a sheet on a phone', async () => {
    const onPhone = async (page: Page, frame: Frame) => {
      await post(frame, { title: '选项', url: '/popup', width: '100px', height: '100px' })
      await dialog(page).getByText('选项').waitFor()
      expect((await dialog(page).boundingBox())?.width).toBe(phone.width)
      await axe(page)
      await fitsWidth(page)
    }
    await withApp(onPhone, { size: phone }, '/mobile')
  })
})

describe('the SDK', () => {
  it('gets a fresh ticket and lets a person pick', async () => {
    await withApp(
      async (page, frame) => {
        const fresh = (await frame.evaluate('wisp.getTicket({ fresh: true })')) as string
        const info = await world.dev.get('/api/user/getInfo', { jessionId: fresh })
        expect(info.body).toMatchObject({ userId: 'zhangsan' })
        const picked = frame.evaluate('wisp.pickMembers({ title: "选择审批人", max: 2 })')
        await dialog(page).getByText('选择审批人').waitFor()
        await axe(page)
        expect(await frame.evaluate('wisp.pickDepartments().catch(error => error.code)')).toBe('busy')
        await dialog(page).getByRole('searchbox').fill('lisi')
        await dialog(page).getByLabel(/李四/).check()
        await dialog(page).getByRole('button', { name: '确定' }).click()
        expect(await picked).toEqual([{ userId: 'lisi', userName: '李四' }])
        const departments = frame.evaluate('wisp.pickDepartments({ multiple: false })')
        await dialog(page).getByRole('radio').first().check()
        await dialog(page).getByRole('button', { name: '确定' }).click()
        expect(await departments).toEqual([{ orgId: '1', orgName: expect.any(String) }])
        const dismissed = frame.evaluate('wisp.pickMembers().then(value => value === undefined)')
        await dialog(page).waitFor()
        await page.keyboard.press('Escape')
        expect(await dismissed).toBe(true)
      },
      { as: 'super' },
    )
  })
})

describe('the picker of a page that is in no frame', () => {
  const options: VisitOptions = { as: 'member', size: phone }
  const ready = (page: Page) => page.waitForFunction('window.wisp !== undefined')
  const picked = (page: Page) => page.evaluate('window.wisp.takePicked()')

  it('is a page of the platform, which comes back with the choice', async () => {
    const { page, close, complaints } = await visit(world, options)
    const here = `${app.origin}/top?a=1#/start`
    await page.goto(here)
    await ready(page)
    expect(await picked(page)).toBeUndefined()
    const selected = [{ userId: 'lisi', userName: '李四' }]
    await page.evaluate(`void window.wisp.pickMembers(${JSON.stringify({ title: '选审批人', selected })})`)
    // The title would be whatever an address says.
    await page.getByRole('heading', { name: '选择成员' }).waitFor()
    await page.getByRole('searchbox').fill('张三')
    await page.getByRole('checkbox', { name: '张三' }).check()
    await axe(page)
    await fitsWidth(page)
    await page.getByRole('button', { name: '确定' }).click()
    await page.waitForURL(url => url.href === here)
    await ready(page)
    const value = [...selected, { userId: 'zhangsan', userName: '张三' }]
    expect(await picked(page)).toEqual({ act: 'pickMembers', value })
    expect(await picked(page)).toBeUndefined()
    await page.evaluate('void window.wisp.pickDepartments()')
    await page.getByRole('button', { name: '取消' }).click()
    await page.waitForURL(url => url.href === here)
    await ready(page)
    expect(await picked(page)).toEqual({ act: 'pickDepartments' })
    expect(complaints).toEqual([])
    await close()
  })

  it('goes back to no other site, and nobody can make up a choice', async () => {
    const { page, close } = await visit(world, options)
    await page.goto(`${foreign.origin}/top`)
    await ready(page)
    await page.evaluate('void window.wisp.pickMembers()')
    await page.getByText('不属于对您开放的应用').waitFor()
    expect(await dialog(page).count()).toBe(0)
    const forged = encodeURIComponent(JSON.stringify({ id: 'x', act: 'pickMembers', value: [] }))
    await page.goto(`${app.origin}/top#wisp-picked=${forged}`)
    await ready(page)
    expect(await picked(page)).toBeUndefined()
    expect(page.url()).toBe(`${app.origin}/top`)
    await close()
  })
})
