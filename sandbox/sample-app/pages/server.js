/** Nobody is signed in: the ticket was invalid or missing. */
export class SignedOut extends Error {}

async function read(answer) {
  const body = await answer.json()
  if (answer.status === 401) throw new SignedOut(body.error)
  if (!answer.ok) throw new Error(body.error ?? `HTTP ${answer.status}`)
  return body
}

/** Calls this application's own server. */
export async function get(path, query = {}) {
  return read(await fetch(`/app/${path}?${new URLSearchParams(query)}`))
}

export async function post(path, body) {
  return read(
    await fetch(`/app/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
}
