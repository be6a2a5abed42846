/** 「以…的身份看」, in this tab alone: what the server signed goes with each call of the console (`organisation/roles/view-as.ts`). */
const key = 'wisp.view'

export function viewOf(): string {
  return location.pathname.startsWith('/console') ? (sessionStorage.getItem(key) ?? '') : ''
}

/** Loads the console anew as the role. */
export function beginView(view: string): void {
  sessionStorage.setItem(key, view)
  location.assign('/console')
}

export function endView(): void {
  sessionStorage.removeItem(key)
  location.assign('/console/directory/own-roles')
}
