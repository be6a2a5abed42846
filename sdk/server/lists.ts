import type { Calls } from './calls.ts'
import type { CallOptions, Input, Operation } from './operation.ts'

/** Iterates a whole list, page by page while it is read. `input` may say where it begins. */
export async function* allOf(
  { call }: Calls,
  operation: Operation,
  input: Input = {},
  options: CallOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  let asked: Input | undefined = startOf(operation, input)
  while (asked) {
    const answer = (await call(operation, asked, options)) as { list: unknown[] } & Record<string, unknown>
    yield* answer.list
    asked = nextOf(operation, asked, answer)
  }
}

function startOf({ pages }: Operation, input: Input): Input {
  return pages?.by === 'pageNo' ? { pageNo: 1, pageSize: pages.size, ...input } : input
}

function nextOf(
  { pages }: Operation,
  asked: Input,
  answer: { list: unknown[] } & Record<string, unknown>,
): Input | undefined {
  if (answer.list.length === 0 || !pages) return undefined
  if (pages.by === 'cursor') {
    const next = answer[pages.output]
    return next ? { ...asked, [pages.input]: next } : undefined
  }
  const isLast = answer.list.length < Number(asked['pageSize'])
  return isLast ? undefined : { ...asked, pageNo: Number(asked['pageNo']) + 1 }
}
