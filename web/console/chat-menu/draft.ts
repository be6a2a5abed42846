/** Fields that a type of button may need. */
export type TextField = 'key' | 'url' | 'appId' | 'pagePath' | 'mediaId' | 'articleId' | 'app' | 'path'
type Leaf = { name: string; type?: string } & { [F in TextField]?: string }
export type Button = Leaf & { sub?: Leaf[] }
export type Menu = { buttons: readonly Button[] }
/** A menu, under the words that lead to it. */
export type Group = { path: string; buttons: readonly Button[] }

/** A button: its number, and that of a sub-button below it. */
export type Spot = { at: number; sub?: number }

/** As both vendors count them. */
export const menuLimits = {
  buttons: 3,
  sub: 5,
  nameBytes: 16,
  fieldBytes: {
    key: 128,
    url: 1024,
    appId: 128,
    pagePath: 1024,
    mediaId: 128,
    articleId: 128,
    app: 64,
    path: 1000,
  },
}

const encoder = new TextEncoder()
export const bytesOf = (text: string) => encoder.encode(text).length

export const isSame = (a: Spot | undefined, b: Spot) => a?.at === b.at && a.sub === b.sub

export function buttonAt(buttons: readonly Button[], { at, sub }: Spot): Button | undefined {
  return sub === undefined ? buttons[at] : buttons[at]?.sub?.[sub]
}

export function setButton(buttons: readonly Button[], spot: Spot, button: Button): Button[] {
  return inLevel(buttons, spot, (level, n) => level.with(n, button))
}

export function removeButton(buttons: readonly Button[], spot: Spot): Button[] {
  return inLevel(buttons, spot, (level, n) => level.toSpliced(n, 1))
}

/** One place to the left or up (-1), or to the right or down (1). */
export function moveButton(buttons: readonly Button[], spot: Spot, by: -1 | 1): Button[] {
  return inLevel(buttons, spot, (level, n) => {
    const [a, b] = [level[n], level[n + by]]
    return a && b ? level.with(n, b).with(n + by, a) : level
  })
}

/** A button that opens others does nothing else, so its own action goes with its first sub-button. */
export function addSub(buttons: readonly Button[], at: number, name: string): Button[] {
  return buttons.map((button, n) =>
    n === at ? { name: button.name, sub: [...(button.sub ?? []), newButton(name)] } : button,
  )
}

export const newButton = (name: string): Button => ({ name, type: 'view', url: 'https://' })

type Level = Button[]

function inLevel(
  buttons: readonly Button[],
  { at, sub }: Spot,
  change: (level: Level, n: number) => Level,
): Button[] {
  if (sub === undefined) return change([...buttons], at)
  return buttons.map((button, n) => {
    if (n !== at) return button
    const left = change([...(button.sub ?? [])], sub)
    return left.length > 0 ? { ...button, sub: left } : newButton(button.name)
  })
}

/** Every button as one line, under the names that lead to it. */
export function linesOf(groups: readonly Group[]): Map<string, string> {
  const lines = new Map<string, string>()
  const put = (where: string, buttons: readonly Button[]) => {
    for (const button of buttons) {
      const path = `${where}${button.name}`
      if (button.sub?.length) put(`${path} › `, button.sub)
      else lines.set(path, actionOf(button))
    }
  }
  for (const { path, buttons } of groups) put(path, buttons)
  return lines
}

const actionOf = ({ type, key, url, appId, pagePath, mediaId, articleId, app, path }: Button) =>
  [type, key, url, appId, pagePath, mediaId, articleId, app, path].filter(Boolean).join(' ')

export type Difference = { path: string; kind: 'added' | 'removed' | 'changed'; here: string; there: string }

/** What one has and has not, compared with the other. */
export function differencesOf(groups: readonly Group[], others: readonly Group[]): Difference[] {
  const [here, there] = [linesOf(groups), linesOf(others)]
  const paths = [...new Set([...here.keys(), ...there.keys()])]
  return paths.flatMap(path => {
    const [a, b] = [here.get(path), there.get(path)]
    if (a === b) return []
    const kind = b === undefined ? 'added' : a === undefined ? 'removed' : 'changed'
    return [{ path, kind, here: a ?? '', there: b ?? '' }]
  })
}
