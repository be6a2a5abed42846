import { merge, type UrlValues } from '../ui/address/url-state.ts'

/** What is open in the drawer of a list when something new is made. */
export const newObject = 'new'

/**
 * Addresses that pages had before, and those that they have now. Bookmarks, mails, cards in WeCom and documents still name the old ones.
 * `$name` is one part of a path or one value of the query; what an old address does not name of the query is kept. The first that fits
 * counts, and where it leads may have moved too.
 */
const moved: readonly (readonly [from: string, to: string])[] = [
  ['/console/alerts', '/console'],
  ['/console/messages?compose=new', '/console/messages/send'],
  ['/console/messages?compose=$to', '/console/messages/send?to=$to'],
  ['/console/apps/announcements', '/console/messages/announcements'],
  ['/console/apps/menus?app=$id&tab=$part', '/console/apps/$id/menu?tab=$part'],
  ['/console/apps/menus?app=$id', '/console/apps/$id/menu'],
  ['/console/apps/menus', '/console/apps'],
  ['/console/apps?open=$id&tab=$tab', '/console/apps/$id/$tab'],
  ['/console/apps?open=$id', '/console/apps/$id'],
  ['/console/apps/$id/versions', '/console/apps/$id/menu?tab=versions'],
  ['/console/apps/$id/attempts', '/console/apps/$id/menu?tab=attempts'],
  ['/console/apps/developers?open=$id&part=$tab', '/console/apps/developers/$id/$tab'],
  ['/console/apps/developers?open=$id', '/console/apps/developers/$id'],
  ...['/console/apps/developers', '/developer'].flatMap(developers => [
    [`${developers}/$id?part=$tab`, `${developers}/$id/$tab`] as const,
    [`${developers}/$id/devices`, `${developers}/$id/secrets?tab=devices`] as const,
    [`${developers}/$id/sample`, `${developers}/$id/secrets?tab=sample`] as const,
    [`${developers}/$id/limits`, `${developers}/$id/usage?tab=limits`] as const,
  ]),
  ['/console/apps/developers/$id/owners', '/console/apps/developers/$id?tab=owners'],
  ['/console/apps/developers/$id/apps', '/console/apps/developers/$id?tab=apps'],
  ['/developer/$id/apps', '/developer/$id?tab=apps'],
  ['/developer/$id/sign-in', '/developer/$id?tab=sign-in'],
  ['/console/official?open=$id&tab=$tab', '/console/official/accounts/$id/$tab'],
  ['/console/official?open=$id', '/console/official/accounts/$id'],
  ['/console/payments/merchants?open=$id&tab=$tab', '/console/payments/merchants/$id/$tab'],
  ['/console/payments/merchants?open=$id', '/console/payments/merchants/$id'],
  ['/console/system/corps?tab=brand', '/console/system/corps/look'],
  ['/console/system/corps?tab=settings', '/console/system/corps/settings'],
  ['/console/system/corps?tab=agents', '/console/system/corps/agents'],
  ['/console/system/corps?tab=guide', '/console/system/corps'],
  ['/console/system/corps/agents/$id/forward', '/console/system/corps/agents/$id/hears?tab=forward'],
  ['/console/system/corps/agents/$id/pushes', '/console/system/corps/agents/$id/hears?tab=pushes'],
  ['/console/official/accounts/$id/abilities', '/console/official/accounts/$id?tab=abilities'],
  ['/console/operator/$id/quotas', '/console/operator/$id?tab=quotas'],
  ['/console/operator/$id/runs', '/console/operator/$id?tab=runs'],
  ['/console/operator/$id/administrators', '/console/operator/$id?tab=administrators'],
]

type Address = { path: string; search: UrlValues }
type Form = { path: RegExp; search: [name: string, value: string][]; to: string }

const forms: readonly Form[] = moved.map(([from, to]) => {
  const [path = '', query] = from.split('?')
  return {
    path: new RegExp(`^${path.replaceAll(/\$(\w+)/g, '(?<$1>[^/]+)')}/?$`),
    search: [...new URLSearchParams(query)],
    to,
  }
})

/** Where an address leads that a page had before; undefined for all others. */
export function movedTo(address: Address): Address | undefined {
  for (const form of forms) {
    const parts = partsOf(form, address)
    if (!parts) continue
    const next = filled(form, parts, address.search)
    return movedTo(next) ?? next
  }
  return undefined
}

/** What stands for each `$name`, as in a path; undefined when the address is another one. */
function partsOf(form: Form, { path, search }: Address): Record<string, string> | undefined {
  const found = form.path.exec(path)
  if (!found) return undefined
  const parts: Record<string, string> = { ...found.groups }
  for (const [name, wanted] of form.search) {
    const value = search[name] ?? ''
    if (wanted.startsWith('$')) {
      if (value === '' || value === newObject) return undefined
      parts[wanted.slice(1)] = encodeURIComponent(value)
    } else if (value !== wanted) return undefined
  }
  return parts
}

function filled({ search: taken, to }: Form, parts: Record<string, string>, search: UrlValues): Address {
  const [path = '', query] = to.replaceAll(/\$(\w+)/g, (_, name: string) => parts[name] ?? '').split('?')
  const left = merge(search, Object.fromEntries(taken.map(([name]) => [name, undefined])))
  return { path, search: { ...left, ...Object.fromEntries(new URLSearchParams(query)) } }
}
