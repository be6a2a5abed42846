import type { UrlPatch } from '../../../ui/address/url-state.ts'
import type { PageLevel } from '../../console-page.ts'
import { appAddress, corpAddress, developerAddress, newObject } from '../../object-addresses.ts'

type Place = { path: string; search?: UrlPatch }

/** What it is done to: a kind of things that the search finds, or the chosen corp. */
type Of = 'apps' | 'developers' | 'members' | 'corp'

export type ConsoleAct = {
  /** The key of its name in the console's texts; with `Of` behind it, the one about one thing, which is `{name}`. */
  name: 'actCheck' | 'actSync' | 'actCompose' | 'actAddApp' | 'actAddDeveloper' | 'actAnnounce' | 'actBackUp'
  /** Each a list of words of both languages, of which one has to be typed. What is typed beside them names the thing. */
  words: readonly (readonly string[])[]
  level: PageLevel
  place: Place
  /** The call that does it, when that needs nothing else to be said; it leads to `place` afterwards. */
  does?: 'check' | 'sync'
}
export type ConsoleActOf = Omit<ConsoleAct, 'name' | 'place' | 'does'> & {
  name:
    | 'actSuspend'
    | 'actRotate'
    | 'actWhy'
    | 'actCompose'
    | 'actAdministrator'
    | 'actSignOut'
    | 'actOpenApp'
  of: Of
  place(id: string): Place
}

/** Acts that Ctrl K finds by what people call them. */
export const acts: readonly ConsoleAct[] = [
  {
    name: 'actCheck',
    words: [['体检', 'check']],
    level: 'super',
    place: { path: '/console/system/corps' },
    does: 'check',
  },
  {
    name: 'actSync',
    words: [['同步', 'sync']],
    level: 'super',
    place: { path: '/console/sync' },
    does: 'sync',
  },
  {
    name: 'actCompose',
    words: [['发消息', '发送消息', 'send', 'write']],
    level: 'super',
    place: { path: '/console/messages/send' },
  },
  {
    name: 'actAddApp',
    words: [
      ['添加', '新建', '创建', 'add', 'create', 'new'],
      ['应用', 'app'],
    ],
    level: 'super',
    place: { path: '/console/apps', search: { open: newObject } },
  },
  {
    name: 'actAddDeveloper',
    words: [
      ['添加', '新建', '创建', 'add', 'create', 'new'],
      ['开发者', 'developer'],
    ],
    level: 'super',
    place: { path: '/console/apps/developers', search: { open: newObject } },
  },
  {
    name: 'actAnnounce',
    words: [
      ['发布', '发', '添加', '新建', 'add', 'publish', 'new'],
      ['公告', 'announcement'],
    ],
    level: 'super',
    place: { path: '/console/messages/announcements', search: { open: newObject } },
  },
  {
    name: 'actBackUp',
    words: [
      ['立即', '现在', '马上', 'now', 'run'],
      ['备份', 'back up', 'backup'],
    ],
    level: 'system',
    place: { path: '/console/system/backups' },
  },
]

/** Acts on one thing: `换密钥 后勤系统`, `为什么张三没收到`. */
export const actsOf: readonly ConsoleActOf[] = [
  {
    name: 'actSuspend',
    words: [
      ['暂停', '恢复', '删除', '导出', 'suspend', 'resume', 'delete', 'export'],
      ['企业', 'corp'],
    ],
    level: 'system',
    of: 'corp',
    place: corpId => ({ path: `${corpAddress(corpId)}/acts` }),
  },
  {
    name: 'actRotate',
    words: [
      ['更换', '轮换', '重置', '换', 'rotate', 'change', 'new'],
      ['密钥', 'devsecret', 'secret'],
    ],
    level: 'super',
    of: 'developers',
    place: devId => ({ path: `${developerAddress(devId)}/secrets` }),
  },
  {
    name: 'actWhy',
    words: [
      ['为什么', '为何', 'why did', 'why'],
      ['没有收到', '没收到', '收不到', 'not receive', 'not get', 'missed'],
    ],
    level: 'helpDesk',
    of: 'members',
    place: userId => ({ path: `/console/help-desk/${encodeURIComponent(userId)}` }),
  },
  {
    name: 'actCompose',
    words: [['发消息给', '发消息', '发送消息', 'send message to', 'send message', 'write to']],
    level: 'super',
    of: 'members',
    place: userId => ({ path: '/console/messages/send', search: { to: userId } }),
  },
  {
    name: 'actAdministrator',
    words: [
      ['设为', '指定', 'make'],
      ['管理员', 'administrator', 'admin'],
    ],
    level: 'super',
    of: 'members',
    place: userId => ({ path: '/console/directory/roles', search: { open: userId } }),
  },
  {
    name: 'actSignOut',
    words: [['踢下线', '强制退出', '退出登录', 'sign out']],
    level: 'super',
    of: 'members',
    place: userId => ({ path: '/console/system/sessions', search: { q: userId } }),
  },
  {
    name: 'actOpenApp',
    words: [
      ['停用', '启用', '修改', 'disable', 'enable', 'change'],
      ['应用', 'app'],
    ],
    level: 'super',
    of: 'apps',
    place: id => ({ path: appAddress(id) }),
  },
]

/** What of the typed words is not the act's own, such as a name; undefined when one of the act's is missing. */
export function leftOf(typed: string, words: ConsoleAct['words']): string | undefined {
  let left = typed.toLowerCase()
  for (const choices of words) {
    const found = choices.filter(one => left.includes(one)).sort((a, b) => b.length - a.length)[0]
    if (found === undefined) return undefined
    left = left.replace(found, ' ')
  }
  return left
    .replaceAll(/[“”"?？]/g, ' ')
    .trim()
    .replace(/^(?:给|把|of|for|to|the)\s+|\s*(?:的|for|of|the)$/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
