import { el, section } from './el.js'

const pages = {
  '/page/todo': ['待办', '今天没有待办。'],
  '/page/monthly': ['月报', '本月的数据还没有汇总。'],
  '/page/yearly': ['年报', '去年的年报已经归档。'],
  '/page/help': ['帮助', '菜单来自应用：平台调用应用的同步地址，应用答复一棵菜单树。'],
}

/** The page to which the menu's entries lead. */
export async function plain() {
  const [name, words] = pages[location.pathname] ?? ['没有这个页面', '菜单里的地址不对。']
  document.title = `${name} · 示例应用`
  return [
    section(
      name,
      el('p', {}, words),
      el('p', { class: 'hint' }, `您从平台的菜单来到 ${location.pathname}。`),
    ),
  ]
}
