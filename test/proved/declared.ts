import { documentedCalls, documentedEvents } from '../../server/features.ts'
import { plainDocument } from '../../server/platform/http/openapi.ts'

type Document = Pick<ReturnType<typeof plainDocument>, 'components' | 'paths' | 'webhooks'>

/** Words that explain: no program notices them. */
const explaining = new Set(['summary', 'description', 'tags', 'x-section'])
const calledByAll = '/api/token/getDevToken'

let whole: Document | undefined
const declaredNow = () => (whole ??= plainDocument(documentedCalls, '', 'zh', documentedEvents))

/**
 * What programs could notice of the declared calls and events: those that their text names, a call as `/api/user/get` or as the SDK has it
 * (`user.get`), and what all have in common.
 */
export function declaredFor(text: string, { components, paths, webhooks }: Document = declaredNow()): string {
  const isNamed = (path: string) =>
    path === calledByAll ||
    text.includes(path) ||
    text.includes(path.replace(/^\/(api\/)?/, '').replaceAll('/', '.'))
  const named = Object.entries(paths).filter(([path]) => isNamed(path))
  const events = Object.entries(webhooks).filter(([type]) => text.includes(type))
  return JSON.stringify([components, named, events], (key, value) =>
    explaining.has(key) && (typeof value === 'string' || Array.isArray(value)) ? undefined : value,
  )
}
