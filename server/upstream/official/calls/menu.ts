import type { OfficialClient } from '../call.ts'
import { OfficialError } from '../errors.ts'

// Menus as WeChat writes them (docs/upstream/official-menus.md).

export type WireButton = {
  name: string
  type?: string
  key?: string
  url?: string
  media_id?: string
  article_id?: string
  appid?: string
  pagepath?: string
  value?: string
  sub_button?: WireButton[]
}

/** `tag_id` and `client_platform_type` (1 iOS, 2 Android, 3 others), as texts. */
export type WireRule = { tag_id?: string; client_platform_type?: string }

export type WireMenu = {
  buttons: WireButton[]
  personalised: { menuId: string; rule: WireRule; buttons: WireButton[] }[]
}

const noMenu = 46003

/** What was made by the API; undefined when there is nothing. */
export async function getMenu(client: OfficialClient): Promise<WireMenu | undefined> {
  try {
    const answer = (await client.get('/cgi-bin/menu/get')) as {
      menu?: { button?: unknown }
      conditionalmenu?: { button?: unknown; matchrule?: Record<string, unknown>; menuid?: unknown }[]
    }
    return {
      buttons: buttonsOf(answer.menu?.button),
      personalised: (answer.conditionalmenu ?? []).map(one => ({
        menuId: String(one.menuid ?? ''),
        rule: ruleOf(one.matchrule ?? {}),
        buttons: buttonsOf(one.button),
      })),
    }
  } catch (error) {
    if (error instanceof OfficialError && error.errcode === noMenu) return undefined
    throw error
  }
}

/** The menu that followers really see, made on WeChat's own site or by the API. */
export async function getShownMenu(
  client: OfficialClient,
): Promise<{ isOpen: boolean; buttons: WireButton[] }> {
  const answer = (await client.get('/cgi-bin/get_current_selfmenu_info')) as {
    is_menu_open?: unknown
    selfmenu_info?: { button?: unknown }
  }
  return { isOpen: Number(answer.is_menu_open) === 1, buttons: buttonsOf(answer.selfmenu_info?.button) }
}

export async function createMenu(client: OfficialClient, buttons: WireButton[]): Promise<void> {
  await client.post('/cgi-bin/menu/create', { button: buttons })
}

/** The default menu and all personalised ones. */
export async function deleteMenu(client: OfficialClient): Promise<void> {
  await client.get('/cgi-bin/menu/delete')
}

/** Returns the menuid. The newest menu that fits a follower is the one that is shown. */
export async function addPersonalisedMenu(
  client: OfficialClient,
  buttons: WireButton[],
  matchrule: WireRule,
): Promise<string> {
  const answer = await client.send('/cgi-bin/menu/addconditional', { button: buttons, matchrule })
  return String(answer['menuid'] ?? '')
}

export async function deletePersonalisedMenu(client: OfficialClient, menuId: string): Promise<void> {
  await client.post('/cgi-bin/menu/delconditional', { menuid: menuId })
}

/** The menu that a follower is shown, by openid. */
export async function tryMenu(client: OfficialClient, openid: string): Promise<WireButton[]> {
  const answer = await client.post('/cgi-bin/menu/trymatch', { user_id: openid })
  return buttonsOf(answer['button'] ?? (answer['menu'] as { button?: unknown } | undefined)?.button)
}

const texts = ['type', 'key', 'url', 'media_id', 'article_id', 'appid', 'pagepath', 'value'] as const

/** `sub_button` is a list, or an object with one (get_current_selfmenu_info). */
function buttonsOf(given: unknown): WireButton[] {
  if (!Array.isArray(given)) return []
  return given.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return []
    const fields = one as Record<string, unknown>
    const button: WireButton = { name: String(fields['name'] ?? '') }
    for (const name of texts)
      if (typeof fields[name] === 'string' && fields[name]) button[name] = fields[name]
    const sub = fields['sub_button']
    const list = buttonsOf(Array.isArray(sub) ? sub : (sub as { list?: unknown } | undefined)?.list)
    return [list.length > 0 ? { ...button, sub_button: list } : button]
  })
}

function ruleOf(given: Record<string, unknown>): WireRule {
  const tag = String(given['tag_id'] ?? '')
  const platform = String(given['client_platform_type'] ?? '')
  return { ...(tag ? { tag_id: tag } : {}), ...(platform ? { client_platform_type: platform } : {}) }
}
