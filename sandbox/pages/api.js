/** A call of /_sandbox/; throws with the sandbox's own sentence. */
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

/** The latest of several calls wins; an earlier one that comes back later is forgotten. */
export function latest(work) {
  let turn = 0
  return async (...given) => {
    const mine = ++turn
    const result = await work(...given)
    return mine === turn ? result : undefined
  }
}

/** Calls when the typing pauses. */
export function whenPaused(act, waitMs = 180) {
  let timer
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, waitMs)
  }
}

/** The number that colours a face: the same person always has the same. */
export const numberOf = text => [...text].reduce((sum, char) => sum + char.codePointAt(0), 0)
