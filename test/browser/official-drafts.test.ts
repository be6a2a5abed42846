import fc from 'fast-check'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../sandbox/avatar.ts'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import { draftOf, saveDraft } from '../../server/features/official/drafts/drafts.ts'
import { storeFile } from '../../server/platform/files/files.ts'
import { type Piece, piecesOf } from '../../web/console/official/drafts/editor/source-tree.ts'
import type { World } from '../harness.ts'
import { closeBrowser, look, type Visit, visit } from './browser.ts'
import { between, wechatArticle, wechatBlocks } from './wechat-article.fixture.ts'
import { startWorld } from './world.ts'

const shots = process.env['SHOTS']

it('is cut into pieces that together are it, or not at all', () => {
  const bits = ['<p>', '</p>', '<b style="a>b">', '</b>', "<i x='<p>' y=z/>", '</i>', '<br/>', '<IMG src=x>']
  const more = [
    '<!-- <p> -->',
    '<script>a</b></script>',
    '<svg><g/></svg>',
    'a < b',
    '&amp;',
    '\n',
    '</',
    '<',
    '<p',
  ]
  const html = fc.array(fc.constantFrom(...bits, ...more), { maxLength: 12 }).map(all => all.join(''))
  const whole = (pieces: readonly Piece[]): string => pieces.map(ofPiece).join('')
  const ofPiece = (piece: Piece): string => {
    if (piece.kind !== 'element') return piece.raw
    expect(piece.open + whole(piece.children) + piece.close).toBe(piece.raw)
    return piece.raw
  }
  fc.assert(
    fc.property(html, given => {
      const pieces = piecesOf(given)
      if (pieces) expect(whole(pieces)).toBe(given)
    }),
  )
  expect(piecesOf(wechatArticle())?.length).toBeGreaterThan(30)
  expect(piecesOf('<p>一<b>二</p>三</b>')).toBeUndefined()
})

describe('articles that WeChat wrote', () => {
  let world: World
  let account: Account
  let view: Visit
  let page: Page
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
    account = await world.bindOfficial()
    view = await visit(world, { as: 'super' })
    page = view.page
    const picture = { contentType: 'image/png', body: avatarPng(1, 40) }
    await view.context.route('https://mmbiz.qpic.cn/**', route => route.fulfill(picture))
  })
  afterEach(() => expect(view.complaints).toEqual([]))
  afterAll(async () => {
    await closeBrowser()
    await world.close()
  })

  const draft = async (content: string): Promise<string> => {
    const { hash } = await storeFile(world.ctx, world.corpId, 'image', avatarPng(1, 40))
    const texts = { title: '图文', author: '', digest: '摘要', sourceUrl: '', coverMediaId: '' }
    const article = { ...texts, content, coverHash: hash, hasComments: false, fansOnly: false }
    return (await saveDraft(world.ctx, 'test', account, [article])).mediaId
  }
  const stored = async (mediaId: string) => (await draftOf(world.ctx, account, mediaId))[0]?.content
  const text = () => page.getByRole('textbox', { name: '正文', exact: true })
  const mode = (to: string) =>
    page.getByRole('radiogroup', { name: '编辑方式' }).getByText(to, { exact: true }).click()
  const tool = (of: string) => page.getByRole('toolbar', { name: '格式' }).getByRole('button', { name: of })
  /** Opens a draft with this content in the editor. */
  const open = async (content: string) => {
    const mediaId = await draft(content)
    await page.goto(`/console/official/drafts?open=${encodeURIComponent(mediaId)}`)
    await text().waitFor()
    return mediaId
  }
  /** The article as it would be saved. */
  const written = async () => {
    await mode('HTML')
    const html = await page.getByLabel('正文（HTML）').inputValue()
    await mode('编辑')
    await text().waitFor()
    return html
  }
  const save = async () => {
    await page.getByRole('button', { name: /^保\s?存$/ }).click()
    await page.getByText('已保存到草稿箱').first().waitFor()
  }

  it('are saved to the byte as they were, also with another title', async () => {
    const article = wechatArticle()
    const editors: string[] = []
    page.on('request', request => {
      if (/\/rich-text-[^/]*\.js$/.test(request.url())) editors.push(request.url())
    })
    await page.goto('/console/official/drafts')
    await page.getByText('草稿箱是空的').waitFor()
    expect(editors).toEqual([])
    const mediaId = await open(article)
    expect(editors).toHaveLength(1)
    expect(await stored(mediaId)).toBe(article)
    await text().getByText('公众号名片').waitFor()
    if (shots) await page.screenshot({ path: `${shots}/wechat-article.png` })
    await look(page)
    await page.getByLabel('标题', { exact: true }).fill('别的标题')
    await save()
    expect(await stored(mediaId)).toBe(article)
  })

  it('change where they are edited, and nowhere else', async () => {
    const article = wechatArticle()
    await open(article)
    const edits: [where: string, before: string, after: string][] = [
      ['红字', '>红字</span></span>', '>红字改</span></span>'],
      ['图后', '/>图后 <mp', '/>图后改 <mp'],
      ['小程序', '>小程序</a>看<br/>更多', '>小程序</a>改看<br/>更多'],
      ['一句', '<strong>一句</strong><em>', '<strong>一句改</strong><em>'],
      ['框里的第二句。', '<p>框里的第二句。</p>', '<p>框里的第二句。改</p>'],
      ['二点一', '<li>二点一</li>', '<li>二点一改</li>'],
      ['裸露的文字', '裸露的文字<strong>', '裸露的文字改<strong>'],
      ['引用的话', '<section>引用的话</section>', '<section>引用的话改</section>'],
      ['甲', '<td width="10">甲</td>', '<td width="10">甲改</td>'],
      ['乙', '<p>乙</p>', '<p>乙改</p>'],
    ]
    for (const [where, before, after] of edits) {
      await caretBehind(where)
      await page.keyboard.type('改')
      expect(await written()).toBe(article.replace(before, after))
      await caretBehind('改')
      await page.keyboard.press('Backspace')
      expect(await written()).toBe(article)
    }
  })

  /** Puts the cursor behind a text. */
  const caretBehind = async (sought: string) => {
    await text().evaluate((root, sought) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      let node = walker.nextNode()
      while (node && !node.textContent?.includes(sought)) node = walker.nextNode()
      if (!node?.textContent) throw new Error(`no ${sought}`)
      const at = node.textContent.indexOf(sought) + sought.length
      ;(root as HTMLElement).focus()
      const selection = getSelection()
      if (selection?.isCollapsed && selection.anchorNode === node && selection.anchorOffset === at) return
      // The editor hears of it first.
      const told = new Promise(resolve =>
        document.addEventListener('selectionchange', resolve, { once: true }),
      )
      selection?.collapse(node, at)
      return told.then(() => undefined)
    }, sought)
  }

  it('have blocks that are only kept: they are moved, removed, and come back', async () => {
    const { plain, video, profile, rule } = wechatBlocks
    const article = [plain, video, profile, rule].join(between)
    await open(article)
    await text().getByText('视频', { exact: true }).click()
    await tool('下移这一块').click()
    const moved = [plain, profile, video, rule].join(between)
    expect(await written()).toBe(moved)
    await text().getByText('视频', { exact: true }).click()
    await tool('删除这一块').click()
    expect(await written()).toBe([plain, profile, rule].join(between))
  })

  /** As a program that put this into the clipboard. */
  const paste = (html: string) =>
    text().evaluate((root, given) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/html', given)
      root.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, html)

  it('take of what is pasted what an article consists of', async () => {
    await open('<p>前</p>')
    await caretBehind('前')
    await page.keyboard.press('Enter')
    await paste(
      '<meta charset="utf-8"><b style="font-weight:normal"><h3 style="color: red" class="x">题</h3>' +
        '<div onclick="x()">粘<span style="font-weight:700">重</span><img src="/a.png"></div>' +
        '<p open="&lt;script&gt;" source="x"><a href="https://a.example/?a=1&amp;b">链</a><a href="javascript:x()">无</a></p>' +
        '<ul><li>一</li></ul><table><tr><th>甲</th></tr></table><script>alert(1)</script></b>',
    )
    expect(await written()).toBe(
      '<p>前</p><h3>题</h3><p>粘<strong>重</strong></p>' +
        '<p><a href="https://a.example/?a=1&amp;b">链</a>无</p><ul><li><p>一</p></li></ul>' +
        '<table><tbody><tr><th><p>甲</p></th></tr></tbody></table>',
    )
  })

  it('keep what is copied within the editor as it was written', async () => {
    const { plain, profile } = wechatBlocks
    await open([plain, profile].join(''))
    await text().click()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+c')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+v')
    const html = await written()
    expect(html.split(profile)).toHaveLength(3)
    expect(html.split(plain)).toHaveLength(3)
  })

  it('can be written with the keyboard alone', async () => {
    await open('<p>前</p>')
    await caretBehind('前')
    await page.keyboard.press('Enter')
    await page.keyboard.type('后')
    await page.keyboard.press('Control+b')
    await page.keyboard.type('重')
    await page.keyboard.press('Shift+Tab')
    // From the picture's button to the toolbar, which is one stop.
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).toBe('撤销')
    await page.keyboard.press('End')
    expect(await focused()).toBe('链接')
    await page.keyboard.press('Home')
    for (const expected of ['重做', '小标题']) {
      await page.keyboard.press('ArrowRight')
      expect(await focused()).toBe(expected)
    }
    await page.keyboard.press('Enter')
    expect(await written()).toBe('<p>前</p><h2>后<strong>重</strong></h2>')
    await tool('项目列表').click()
    await tool('撤销').click()
    expect(await written()).toBe('<p>前</p><h2>后<strong>重</strong></h2>')
  })
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))

  it('are HTML where their tags do not match', async () => {
    await page.goto(
      `/console/official/drafts?open=${encodeURIComponent(await draft('<p>一<b>二</p>三</b>'))}`,
    )
    await page.getByText('只能按 HTML 编辑').waitFor()
    expect(await page.getByLabel('正文（HTML）').inputValue()).toBe('<p>一<b>二</p>三</b>')
  })
})
