import type { HistoryFill } from './part.ts'

export function post(
  url: string,
  input: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  })
}

/** Calls of the API as this developer. */
export async function apiOf(
  platformUrl: string,
  developer: { devId: string; devSecret: string },
): Promise<HistoryFill['call']> {
  const asked = await fetch(`${platformUrl}/api/token/getDevToken?${new URLSearchParams(developer)}`)
  const { devToken } = await answerOf(asked)
  const headers = { authorization: `Bearer ${devToken}` }
  return async (path, input) => answerOf(await post(platformUrl + path, input, headers))
}

async function answerOf(response: Response): Promise<Record<string, unknown>> {
  const { retCode, retMessage, body } = (await response.json()) as {
    retCode: string
    retMessage: string
    body: Record<string, unknown>
  }
  if (retCode !== '0') throw new Error(`${new URL(response.url).pathname}: ${retCode} ${retMessage}`)
  return body
}
