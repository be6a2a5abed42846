import { type Call, type CallRequest, done, either, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, object, text } from '../input.ts'
import type { Button } from '../state/button.ts'
import { conditionalMenus, defaultMenu, type Menu, menuOf, menusOf } from '../state/menus.ts'
import { leaves, readButtons } from './buttons.ts'

const closedFields = ['sex', 'country', 'province', 'city', 'language', 'group_id']

/** Menus, personalised ones, and what was made on WeChat's own site (docs/upstream/official-menus.md). */
export const menuCalls: readonly Call[] = [
  {
    ...post('/cgi-bin/menu/create', ask => {
      const button = readButtons(ask.account, ask.input, ask.platform.rules)
      const menuid = ask.account.next('menu', 208_379_533)
      menusOf(ask.account).set('default', { menuid, button, at: ask.platform.now() })
      return done
    }),
    isPlain: true,
  },
  get('/cgi-bin/menu/get', ({ account }) => {
    const menu = defaultMenu(account)
    if (!menu) throw new OfficialError(46003)
    const personal = conditionalMenus(account)
      .reverse()
      .map(({ button, matchrule, menuid }) => ({ button: spread(button), matchrule, menuid }))
    return {
      menu: { button: spread(menu.button), menuid: menu.menuid },
      ...(personal.length > 0 && { conditionalmenu: personal }),
    }
  }),
  either('/cgi-bin/menu/delete', ({ account }) => {
    for (const [key] of menusOf(account).entries()) menusOf(account).delete(key)
    return done
  }),
  post('/cgi-bin/menu/addconditional', ask => ({ menuid: String(addConditional(ask).menuid) })),
  post('/cgi-bin/menu/delconditional', ({ account, input }) => {
    const id = text(input, 'menuid') ?? ''
    if (id === 'default' || !menusOf(account).delete(id)) throw new OfficialError(65301)
    return done
  }),
  post('/cgi-bin/menu/trymatch', ({ account, input }) => {
    const follower = account.followers.get(text(input, 'user_id', 65302) ?? '')
    if (!follower) throw new OfficialError(65302)
    if (!defaultMenu(account)) throw new OfficialError(65303)
    return { button: spread(menuOf(account, follower)) }
  }),
  get('/cgi-bin/get_current_selfmenu_info', ({ account }) => {
    const menu = defaultMenu(account)
    const { siteMenu } = account.settings
    const shown = siteMenu && (!menu || siteMenu.at > menu.at) ? siteMenu : menu
    const button = (shown?.button ?? []).map(({ sub_button, ...one }) => ({
      ...one,
      ...(sub_button && { sub_button: { list: sub_button } }),
    }))
    return { is_menu_open: shown ? 1 : 0, selfmenu_info: { button } }
  }),
  get('/cgi-bin/get_current_autoreply_info', ({ account }) => ({
    is_add_friend_reply_open: 0,
    is_autoreply_open: 0,
    ...account.settings.autoReply,
  })),
]

/** menu/get gives a leaf an empty list of buttons below it. */
const spread = (buttons: readonly Button[]): Button[] =>
  buttons.map(button => ({
    ...button,
    sub_button: (button.sub_button ?? []).map(one => ({ ...one, sub_button: [] })),
  }))

function addConditional({ platform, account, input }: CallRequest): Menu {
  const { rules } = platform
  if (!defaultMenu(account)) throw new OfficialError(65303)
  const rule = object(input, 'matchrule', 65304)
  if (closedFields.some(field => rule[field])) throw new OfficialError(65320)
  const matchrule = ruleOf(rule)
  const tag = matchrule.tag_id
  if (tag !== undefined && !account.collection('tags').has(tag)) throw new OfficialError(45159)
  if (!Array.isArray(input['button']) || input['button'].length === 0) throw new OfficialError(65307)
  if (conditionalMenus(account).length >= rules.conditionalMenus) throw new OfficialError(65305)
  const button = readButtons(account, input, rules)
  const hosts = new Set(leaves(button).flatMap(one => (one['url'] ? new URL(String(one['url'])).host : [])))
  if (hosts.size > rules.conditionalMenuDomains) throw new OfficialError(65316)
  const menuid = account.next('menu', 208_379_533)
  return menusOf(account).set(menuid, { menuid, button, at: platform.now(), matchrule })
}

function ruleOf(rule: Input): NonNullable<Menu['matchrule']> {
  const tag = text(rule, 'tag_id', 65304)
  const client = integer(rule, 'client_platform_type', 65304)
  if (client !== undefined && (client < 1 || client > 3)) throw new OfficialError(65304)
  if (!tag && client === undefined) throw new OfficialError(65304)
  return {
    ...(tag && { tag_id: tag }),
    ...(client !== undefined && { client_platform_type: String(client) }),
  }
}
