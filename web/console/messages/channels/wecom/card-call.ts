import type { CallInput } from '../../../../ui/data/api.ts'

/** The call by which a developer sends the same card. */
export function callOf(body: CallInput<'/web/messages/send'>): string {
  const { toUser, toParty, toTag, ...rest } = body as Record<string, unknown>
  const to = Object.entries({ toUser, toParty, toTag }).flatMap(([name, ids]) =>
    Array.isArray(ids) && ids.length > 0 ? [[name, ids.join('|')]] : [],
  )
  const json = JSON.stringify({ ...Object.fromEntries(to), ...rest }, null, 2)
  // In a shell, a quote inside quotes ends them, is written by itself, and begins them again.
  const quoted = json.replaceAll("'", "'\\''")
  return `curl '${location.origin}/api/message/send?devToken=<devToken>' \\\n  -H 'content-type: application/json' -d '${quoted}'`
}
