import type { Core } from '../../core.ts'
import type { Mirrors } from './mirrors.ts'

export function addDirectoryGauges(ctx: Core & { mirrors: Mirrors }): void {
  ctx.metrics.gauge('wisp_directory_entities', 'what the mirror holds', ['corp', 'kind'], () =>
    ctx.mirrors.loaded().flatMap(mirror => [
      { labels: { corp: mirror.corpId, kind: 'department' }, value: mirror.tree.order.length },
      { labels: { corp: mirror.corpId, kind: 'member' }, value: mirror.members.size },
      { labels: { corp: mirror.corpId, kind: 'tag' }, value: mirror.tags.size },
    ]),
  )
}
