// Menus of agents as WeCom writes them (docs/upstream/wecom-menus.md).

export type WecomButton = {
  name: string
  type?: string
  key?: string
  url?: string
  appid?: string
  pagepath?: string
  sub_button?: WecomButton[]
}

const texts = ['type', 'key', 'url', 'appid', 'pagepath'] as const

/** The buttons of an answer of menu/get. Fields that are no texts are left out. */
export function readButtons(given: unknown): WecomButton[] {
  if (!Array.isArray(given)) return []
  return given.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return []
    const fields = one as Record<string, unknown>
    const button: WecomButton = { name: String(fields['name'] ?? '') }
    for (const name of texts)
      if (typeof fields[name] === 'string' && fields[name]) button[name] = fields[name]
    const list = readButtons(fields['sub_button'])
    return [list.length > 0 ? { ...button, sub_button: list } : button]
  })
}
