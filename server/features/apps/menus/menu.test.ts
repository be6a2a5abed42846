import { describe, expect, it } from 'vitest'
import { BadMenu, type Menu, readMenu } from './menu.ts'
import { menuDifference } from './menu-difference.ts'

const base = 'https://a.example/'
const item = (more: object = {}) => ({ name: '列表', path: '/list', orderNum: 1, children: [], ...more })
const problems = (list: unknown, home = base) => {
  try {
    readMenu(list, home)
  } catch (error) {
    if (error instanceof BadMenu) return error.message
    throw error
  }
  return 'taken'
}
function nested(levels: number): object[] {
  return levels === 0 ? [] : [item({ children: nested(levels - 1) })]
}

describe('a menu', () => {
  it('is sorted by orderNum at each level; equal ones stay as they came', () => {
    const menu = readMenu(
      [
        item({ name: 'c', orderNum: 3 }),
        item({
          name: 'b',
          orderNum: '2',
          children: [item({ name: 'z', orderNum: 9 }), item({ name: 'y', orderNum: -1 })],
        }),
        item({ name: 'a', orderNum: 2 }),
      ],
      base,
    )
    expect(menu.map(one => one.name)).toEqual(['b', 'a', 'c'])
    expect(menu[0]?.children.map(one => one.name)).toEqual(['y', 'z'])
    expect(menu[0]?.orderNum).toBe(2)
  })

  it('may hold what the document does not name, headings without a path, and no item', () => {
    expect(readMenu([item({ path: '', icon: 'x', name: ' 二维码 ' })], base)).toEqual([
      { name: '二维码', path: '', orderNum: 1, children: [] },
    ])
    expect(readMenu([], base)).toEqual([])
  })

  it.each<[unknown, string]>([
    [undefined, 'menuList 缺失'],
    [null, 'menuList 应为数组，收到 null'],
    ['x', 'menuList 应为数组，收到 字符串'],
    [{}, 'menuList 应为数组，收到 对象'],
    [[1], 'menuList[0] 应为对象，收到 数字'],
    [
      [item(), item(), item({ children: [{ path: '', orderNum: 1, children: [] }] })],
      'menuList[2].children[0].name 缺失',
    ],
    [[item({ name: 7 })], 'menuList[0].name 应为字符串，收到 数字'],
    [[item({ name: '  ' })], 'menuList[0].name 是空的'],
    [[item({ name: 'x'.repeat(101) })], 'menuList[0].name 超过 100 个字符'],
    [[item({ name: 'a\u0007b' })], 'menuList[0].name 含有控制字符'],
    [[item({ path: undefined })], 'menuList[0].path 缺失'],
    [[item({ path: 5 })], 'menuList[0].path 应为字符串，收到 数字'],
    [[item({ path: 'javascript:alert(1)' })], 'menuList[0].path 不是 http(s) 地址："javascript:alert(1)"'],
    [[item({ path: 'jav\tascript:alert(1)' })], 'menuList[0].path 不是 http(s) 地址'],
    [[item({ path: 'https://u:p@a.example/' })], 'menuList[0].path 不是 http(s) 地址'],
    [[item({ path: `/${'x'.repeat(2000)}` })], 'menuList[0].path 超过 2000 个字符'],
    [[item({ orderNum: undefined })], 'menuList[0].orderNum 缺失'],
    [[item({ orderNum: 1.5 })], 'menuList[0].orderNum 应为整数，收到 1.5'],
    [[item({ orderNum: '一' })], 'menuList[0].orderNum 应为整数，收到 "一"'],
    [[item({ children: undefined })], 'menuList[0].children 缺失'],
    [[item({ children: 'none' })], 'menuList[0].children 应为数组，收到 字符串'],
    [nested(9), '是第 9 级，菜单最多 8 级'],
    [Array.from({ length: 2001 }, () => item()), '菜单共 2001 项，最多 2000 项'],
    [Array.from({ length: 8 }, () => ({})), '另有 27 处错误'],
  ])('is refused with what and where (%#)', (list, why) => {
    expect(problems(list)).toContain(why)
  })

  it('is taken at the limits', () => {
    expect(problems(nested(8))).toBe('taken')
    expect(problems(Array.from({ length: 2000 }, () => item()))).toBe('taken')
  })

  it('needs a home page for relative paths only', () => {
    expect(problems([item()], '')).toContain('应用没有填写主页地址')
    expect(problems([item({ path: 'https://a.example/list' })], '')).toBe('taken')
  })
})

describe('the difference between two menus', () => {
  const menu = (...items: object[]) => readMenu(items, base)
  const heading = (name: string, ...children: object[]) => item({ name, path: '', children })
  const page = (name: string, path = `/${name}`) => item({ name, path })
  const told = (before: Menu, after: Menu) =>
    menuDifference(before, after).map(one => [
      one.kind,
      one.at.join('/'),
      'from' in one ? one.from.join('/') : '',
    ])

  it('is nothing between equal ones, same names included', () => {
    const one = menu(page('a'), page('a'), heading('b', page('a')))
    expect(menuDifference(one, one)).toEqual([])
  })

  it('names what came, went, changed and moved by its place', () => {
    const before = menu(page('home'), heading('set', page('a'), page('b')), page('old'))
    const after = menu(
      page('home', '/start'),
      heading('set', page('a'), heading('more', page('b'))),
      page('new'),
    )
    expect(told(before, after)).toEqual([
      ['changed', 'home', ''],
      ['added', 'set/more', ''],
      ['moved', 'set/more/b', 'set/b'],
      ['added', 'new', ''],
      ['removed', 'old', ''],
    ])
  })

  it('takes a new name at the same address for a change, and keeps what is below in place', () => {
    const before = menu(item({ name: 'set', path: '/set', children: [page('a')] }))
    const after = menu(item({ name: 'settings', path: '/set', children: [page('a')] }))
    expect(menuDifference(before, after)).toEqual([
      {
        kind: 'changed',
        at: ['settings'],
        before: { name: 'set', path: '/set' },
        after: { name: 'settings', path: '/set' },
      },
    ])
  })

  it('tells only the one that changed its order', () => {
    const before = menu(page('a'), page('b'), page('c'), page('d'))
    expect(told(before, menu(page('d'), page('a'), page('b'), page('c')))).toEqual([['moved', 'd', 'd']])
    expect(told(before, menu(page('a'), page('x'), page('b'), page('c'), page('d')))).toEqual([
      ['added', 'x', ''],
    ])
  })
})
