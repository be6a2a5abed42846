/** The popup that an app's page may request (docs/interface/apps.md#popups). */
export type PopupRequest = {
  title: string
  url: string
  width: unknown
  height: unknown
}

/** A request of the SDK. Its envelope cannot be mistaken for the plain form that the specification defines. */
export type PopupCall = { id: string; act: 'ticket' | 'pickMembers' | 'pickDepartments'; options: AskOptions }
export type Choice = { id: string; name: string }
export type AskOptions = { title: string; multiple: boolean; max: number; selected: Choice[] }

const titleAtMost = 100
const selectedAtMost = 1000
const smallest = 50

type UnknownRecord = Record<string, unknown>

function isObject(data: unknown): data is UnknownRecord {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

/**
 * The requested popup, or undefined when the message is no such request. Relative addresses are resolved
 * against `origin`.
 */
export function readPopup(data: unknown, origin: string): PopupRequest | undefined {
  if (!isObject(data) || 'wisp' in data) return undefined
  const { title, url, width, height } = data
  if (typeof title !== 'string' || title.trim() === '' || typeof url !== 'string' || url === '')
    return undefined
  const address = URL.parse(url, origin)
  if (!address || (address.protocol !== 'http:' && address.protocol !== 'https:')) return undefined
  if (address.username || address.password) return undefined
  return { title: title.trim().slice(0, titleAtMost), url: address.href, width, height }
}

/**
 * The size in pixels of a value such as `100`, `"100px"` or `"50%"`. An invalid value gives `usual`; a value
 * that does not fit is reduced.
 */
export function sizeOf(wish: unknown, room: number, usual: number): number {
  const most = Math.max(smallest, room)
  const wished = pixels(wish, room)
  return Math.round(Math.min(most, wished === undefined ? usual : Math.max(smallest, wished)))
}

function pixels(wish: unknown, room: number): number | undefined {
  if (typeof wish === 'number') return wish > 0 && Number.isFinite(wish) ? wish : undefined
  if (typeof wish !== 'string') return undefined
  const [, digits, unit] = /^\s*(\d{1,7}(?:\.\d{1,4})?)\s*(px|%)?\s*$/i.exec(wish) ?? []
  const number = Number(digits)
  if (digits === undefined || number <= 0) return undefined
  return unit === '%' ? (room * number) / 100 : number
}

const acts = ['ticket', 'pickMembers', 'pickDepartments'] as const

/** Returns undefined when the message is no request of the SDK, and `false` when it is an invalid one. */
export function readAsk(data: unknown): PopupCall | false | undefined {
  if (!isObject(data) || data['wisp'] !== 1) return undefined
  const { id, options } = data
  const act = acts.find(one => one === data['act'])
  if (typeof id !== 'string' || id === '' || id.length > 100) return undefined
  if (!act) return false
  const given = isObject(options) ? options : {}
  const max =
    typeof given['max'] === 'number' && given['max'] >= 1 ? Math.floor(given['max']) : selectedAtMost
  const multiple = given['multiple'] !== false
  return {
    id,
    act,
    options: {
      title: typeof given['title'] === 'string' ? given['title'].slice(0, titleAtMost) : '',
      multiple,
      max: multiple ? Math.min(max, selectedAtMost) : 1,
      selected: readChoices(given['selected']),
    },
  }
}

function readChoices(given: unknown): Choice[] {
  if (!Array.isArray(given)) return []
  return given.slice(0, selectedAtMost).flatMap((one: unknown) => {
    if (!isObject(one)) return []
    const id = one['userId'] ?? one['orgId']
    const name = one['userName'] ?? one['orgName']
    return typeof id === 'string' && typeof name === 'string' ? [{ id, name }] : []
  })
}
