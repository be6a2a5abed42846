const removals: (() => Promise<void>)[] = []
let openWorlds = 0

/** Notes what to take away: when no world of the test file is open, at the latest at the file's end. */
export function removeLater(remove: () => Promise<void>): void {
  removals.push(remove)
}

export function worldOpened(): void {
  openWorlds++
}

/** A test file may have several worlds at once, and a server of one may outlive it. */
export async function worldClosed(): Promise<void> {
  if (--openWorlds === 0) await removeLeftovers()
}

export async function removeLeftovers(): Promise<void> {
  openWorlds = 0
  for (const remove of removals.splice(0)) await remove()
}
