import { Type } from 'typebox'
import { expect, it } from 'vitest'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { command, directoryCommand } from '../command/command.ts'
import type { Core } from '../core.ts'
import { endpoint } from './endpoint.ts'
import { administrator, pageCall } from './page-call.ts'

const output = Type.Object({ members: Type.Number() })
const page = {
  method: 'GET',
  path: '/web/test',
  access: administrator('super'),
  point: 'directory:read',
  input: {},
  output,
} as const
const call = {
  methods: ['GET'],
  path: '/api/test',
  section: 'wisp',
  summary: { zh: '', en: '' },
  access: { by: 'developer', scope: 'directory:read' },
  input: {},
  output,
  errors: [],
  sample: {},
} as const
type TestNeeds = Core & { mirrors: Mirrors }
const sizeOf = (ctx: TestNeeds, corpId: string) => ctx.mirrors.of(corpId).members.size

// These lines test the compiler: each must be an error, since otherwise the comment above it becomes one.
it('a handler that takes mirrors does not compile without saying so, nor one that takes none when it does', () => {
  const handle = (ctx: TestNeeds) => ({ members: sizeOf(ctx, 'corp') })
  const without = (ctx: Core) => ({ members: ctx.nodeId.length })
  expect(pageCall({ ...page, directory: true, handle }).directory).toBe(true)
  expect(endpoint({ ...call, directory: true, handle }).directory).toBe(true)
  // @ts-expect-error directory is missing
  pageCall({ ...page, handle })
  // @ts-expect-error directory is missing
  endpoint({ ...call, handle })
  // @ts-expect-error directory is not needed
  pageCall({ ...page, directory: true, handle: without })
  // @ts-expect-error directory is not needed
  endpoint({ ...call, directory: true, handle: without })
  const answer = { data: null, text: '' }
  const typed = { path: 'test', point: 'directory:read', summary: { zh: '', en: '' }, parts: {} } as const
  const run = async (ctx: TestNeeds) => ({ ...answer, data: sizeOf(ctx, 'corp') })
  const runWithout = async (_ctx: Core) => answer
  expect(directoryCommand({ ...typed, run }).directory).toBe(true)
  expect(command({ ...typed, run: runWithout }).directory).toBeUndefined()
  // @ts-expect-error only a directoryCommand takes mirrors
  command({ ...typed, run })
  // @ts-expect-error a directoryCommand takes mirrors
  directoryCommand({ ...typed, run: runWithout })
})
