import { expect, it } from 'vitest'
import type { Corps } from '../../organisation/corps/corps.ts'
import { command, commandOnConfig } from '../command/command.ts'
import type { Core } from '../core.ts'
import { feature } from './feature.ts'

const typed = { path: 'test', point: 'corp:read', summary: { zh: '', en: '' }, parts: {} } as const

// The lines below test the compiler: each must be an error, since otherwise the comment above it becomes one.
it('a command that takes what its feature does not have does not compile', () => {
  const count = command({
    ...typed,
    run: async (ctx: Core & { corps: Corps }) => ({ data: ctx.corps.all().length, text: '' }),
  })
  const commands = [count]
  expect(feature<Core & { corps: Corps }>()({ name: 'test', commands }).commands).toEqual([count])
  // @ts-expect-error corps is missing
  feature<Core>()({ name: 'test', commands })
})

it('nor does one without a context that takes more than there is before one', () => {
  const look = commandOnConfig({
    ...typed,
    run: async ({ db }: Pick<Core, 'config' | 'db'>) => ({ data: db.isTransaction, text: '' }),
  })
  // @ts-expect-error there is no database yet
  feature<Core>()({ name: 'test', commands: [look] })
  expect(look.needs).toBe('config')
})
