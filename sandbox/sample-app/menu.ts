interface MenuItem {
  name: string
  path: string
  children: MenuItem[]
  orderNum: number
}

/** The application's menu. The items are deliberately not sorted, because `orderNum` decides the order. */
function menu(url: string): MenuItem[] {
  const item = (orderNum: number, name: string, path: string, children: MenuItem[] = []): MenuItem => ({
    name,
    path: path && `${url}${path}`,
    children,
    orderNum,
  })
  return [
    item(40, '帮助', '/page/help'),
    item(10, '首页', '/'),
    item(30, '我的工作', '', [
      item(2, '报表', '', [item(2, '年报', '/page/yearly'), item(1, '月报', '/page/monthly')]),
      item(1, '待办', '/page/todo'),
    ]),
    item(20, '平台能力', '', [
      item(3, '消息', '/message'),
      item(1, '通讯录', '/people'),
      item(2, '弹窗与选人', '/popup'),
    ]),
  ]
}

/** The answer to the menu sync. As in the document's own example, it uses single quotes. */
export function menuAnswer(url: string): string {
  return singleQuoted({ menuList: menu(url) })
}

function singleQuoted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(singleQuoted).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `'${key}': ${singleQuoted(item)}`)
      .join(',')}}`
  }
  if (typeof value !== 'string') return JSON.stringify(value)
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
