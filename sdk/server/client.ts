import { type Calls, createCalls } from './calls.ts'
import { type Changes, type ChangesOptions, changesFeed } from './changes.ts'
import { type Events, type EventsOptions, eventStream } from './events/stream.ts'
import type { Api } from './generated/api.ts'
import { operations } from './generated/operations.ts'
import { allOf } from './lists.ts'
import type { CallOptions, Input, Operation } from './operation.ts'
import type { ClientOptions } from './settings.ts'
import { type Upstream, upstreamCalls } from './upstream.ts'

/** 按路径调用接口：`wisp.user.get(…)` 即 `GET /api/user/get`。· The calls of the API by their paths: `wisp.user.get(…)` is `GET /api/user/get`. */
export type Wisp = Api & {
  /**
   * 从 `since` 起读取通讯录变更流。变更已不完整时抛出 FullReadNeededError。
   *
   * Iterates the change feed of the address book from `since`. @throws FullReadNeededError if changes are missing and no
   * `onFullReadNeeded` is given; ApiError for a `retCode` other than `"0"`.
   */
  changes(options?: ChangesOptions): Changes
  /**
   * 实时读取事件：从现在起，或从编号为 `after` 的事件之后起；断线自动重连。
   *
   * Iterates events as they happen, from now on or after the event `after`, and reconnects by itself. @throws ApiError where
   * connecting again cannot help, such as 1009 for a missing scope.
   */
  events(options?: EventsOptions): Events
  /** 返回调用所用的 devToken，必要时先获取。· Returns the devToken that the calls use, and gets one first if necessary. @throws ApiError 1002, 1003 */
  devToken(options?: CallOptions): Promise<string>
  /** 代调用企业微信、公众号的接口。· Calls of WeCom and of official accounts that wisp passes on. */
  upstream: Upstream
  /**
   * 调用本 SDK 没有的接口，返回 `body`。`repeats` 为可以安全重试，默认只有 GET。
   *
   * Makes a call that this SDK does not have and resolves with its `body`. `repeats`: whether a repetition is safe; by default only
   * for GET. @throws ApiError, NoAnswerError, TimeoutError, UnexpectedAnswerError
   */
  request<Body = unknown>(
    method: 'GET' | 'POST',
    path: string,
    input?: Input,
    options?: CallOptions & { repeats?: boolean },
  ): Promise<Body>
}

/**
 * 创建一个开发者的客户端；第一次调用之前不发出请求。
 *
 * Creates a client for one developer of one wisp. Makes no request until the first call. @throws TypeError if an option is invalid.
 */
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

/** Makes a function for each operation, under the parts of its name. */
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
