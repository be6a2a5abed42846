/** What was entered for a call, for as long as the tab is open. Secrets are never among it. */
const keyOf = (path: string) => `wisp.docs.inputs ${path}`

/** Names whose values are secrets or stand for a person who is signed in. */
const isSecret = (name: string) => /secret|token|jession|proof|password/i.test(name)

export function keptInputs(path: string): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(path)) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(Object.entries(kept).filter(([, text]) => typeof text === 'string'))
  } catch {
    return {}
  }
}

export function keepInput(path: string, name: string, text: string): void {
  if (isSecret(name)) return
  try {
    sessionStorage.setItem(keyOf(path), JSON.stringify({ ...keptInputs(path), [name]: text }))
  } catch {
    // The browser keeps nothing for this page, or no more.
  }
}
