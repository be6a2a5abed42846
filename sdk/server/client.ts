import { type Calls, createCalls } from './calls.ts'
import { type Changes, type ChangesOptions, changesFeed } from './changes.ts'
import { type Events, type EventsOptions, eventStream } from './events/stream.ts'
import type { Api } from './generated/api.ts'
import { operations } from './generated/operations.ts'
import { allOf } from './lists.ts'
import type { CallOptions, Input, Operation } from './operation.ts'
import type { ClientOptions } from './settings.ts'
import { type Upstream, upstreamCalls } from './upstream.ts'

/** The calls of the API by their paths: `wisp.user.get(…)` is `GET /api/user/get`. */
export type Wisp = Api & {
  /** Who is added, changed, renamed and gone in the address book since the last time. */
  changes(options?: ChangesOptions): Changes
  /** What happens from now on, or after the event with this `id`, as it happens. */
  events(options?: EventsOptions): Events
  /** The devToken that the calls use, for what else needs one. */
  devToken(options?: CallOptions): Promise<string>
  /** Calls of WeCom and of official accounts that the platform passes on. */
  upstream: Upstream
  /** A call that this SDK does not know. It is made again where that is safe, which is for GET alone unless `repeats` says so. */
  request<Body = unknown>(
    method: 'GET' | 'POST',
    path: string,
    input?: Input,
    options?: CallOptions & { repeats?: boolean },
  ): Promise<Body>
}

/** A client for one developer of one platform. Throws TypeError for options that cannot work; asks nothing yet. */
export function createClient(options: ClientOptions): Wisp {
  const calls = createCalls(options)
  return {
    ...treeOf(calls),
    changes: wanted => changesFeed(calls, wanted),
    events: wanted => eventStream(calls, wanted),
    devToken: calls.token,
    upstream: upstreamCalls(calls),
    request: <Body>(
      method: 'GET' | 'POST',
      path: string,
      input: Input = {},
      { repeats = method === 'GET', ...wanted }: CallOptions & { repeats?: boolean } = {},
    ) => calls.call({ method, path, takesToken: true, repeats }, input, wanted) as Promise<Body>,
  }
}

type Tree = { [name: string]: Tree | Call }
type Call = ((input?: Input, options?: CallOptions) => Promise<unknown>) & {
  all?: (input?: Input, options?: CallOptions) => AsyncIterable<unknown>
}

/** A function for each operation, under the parts of its name. */
function treeOf(calls: Calls): Api {
  const tree: Tree = {}
  for (const [name, operation] of Object.entries<Operation>(operations)) {
    const parts = name.split('.')
    const last = parts.pop() ?? ''
    let branch = tree
    for (const part of parts) {
      branch[part] ??= {}
      branch = branch[part] as Tree
    }
    branch[last] = callOf(calls, operation)
  }
  return tree as unknown as Api
}

function callOf(calls: Calls, operation: Operation): Call {
  const call: Call = (input, options) => calls.call(operation, input, options)
  if (operation.pages) call.all = (input, options) => allOf(calls, operation, input, options)
  return call
}
