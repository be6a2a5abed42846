import type { Core } from '../../../platform/core.ts'
import type { Corps } from '../../corps/corps.ts'
import { directorySizes } from '../../corps/size-store.ts'
import type { Mirrors } from './mirrors.ts'

export function addDirectoryGauges(ctx: Core & { corps: Corps; mirrors: Mirrors }): void {
  const kinds = ['corp', 'kind']
  ctx.metrics.gauge('wisp_directory_entities', 'what address books hold', kinds, async () => {
    const sizeOf = await directorySizes(ctx.db)
    return ctx.corps.all().flatMap(({ corpId: corp }) => {
      const { departments, members, listed, tags } = sizeOf(corp)
      return [
        { labels: { corp, kind: 'department' }, value: departments },
        { labels: { corp, kind: 'member' }, value: listed },
        { labels: { corp, kind: 'quit' }, value: members - listed },
        { labels: { corp, kind: 'tag' }, value: tags },
      ]
    })
  })
  const one = (value: number) => [{ labels: {}, value }]
  ctx.metrics.gauge('wisp_directory_in_memory', 'address books in the memory of this node', [], () =>
    one(ctx.mirrors.loaded().length),
  )
  ctx.metrics.gauge(
    'wisp_directory_reads',
    'address books that this node has read since its start, from the database or its snapshots',
    [],
    () => one(ctx.mirrors.reads()),
  )
}
