/** Calls /_sandbox/; throws an error with the sandbox's own message. */
export async function ask(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  return read(await fetch(`/_sandbox/${path}?${new URLSearchParams(given)}`))
}

export async function tell(path, body, method = 'POST') {
  return read(
    await fetch(`/_sandbox/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    }),
  )
}

async function read(answer) {
  const body = await answer.json()
  if (!answer.ok) throw new Error(body.error ?? `HTTP ${answer.status}`)
  return body
}

/**
 * Wraps a function so that only the latest of several overlapping calls gives a result; the answers to
 * earlier ones are dropped.
 */
export function latest(work) {
  let turn = 0
  return async (...given) => {
    const mine = ++turn
    const result = await work(...given)
    return mine === turn ? result : undefined
  }
}

/** Delays a call until the typing pauses. */
export function whenPaused(act, waitMs = 180) {
  let timer
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, waitMs)
  }
}

/** A number that selects the colour of a member's avatar: the same person always gets the same colour. */
export const numberOf = text => [...text].reduce((sum, char) => sum + char.codePointAt(0), 0)
