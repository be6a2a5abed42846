import type { Core } from '../../../platform/core.ts'
import type { Corps } from '../../corps/corps.ts'
import { directorySizes } from '../../corps/size-store.ts'

export function addDirectoryGauges(ctx: Core & { corps: Corps }): void {
  const kinds = ['corp', 'kind']
  ctx.metrics.gauge('wisp_directory_entities', 'what address books hold', kinds, async () => {
    const sizeOf = await directorySizes(ctx.db)
    return ctx.corps.all().flatMap(({ corpId: corp }) => {
      const { departments, members, tags } = sizeOf(corp)
      return [
        { labels: { corp, kind: 'department' }, value: departments },
        { labels: { corp, kind: 'member' }, value: members },
        { labels: { corp, kind: 'tag' }, value: tags },
      ]
    })
  })
}
