import { connectCorp, openBed, type Tools } from '../../bed.ts'
import { type Figure, short } from '../../report.ts'
import type { PreviewTimes } from './preview-source.ts'

/** The preview of a source of people (人事源) as large as the address book. */
export async function measureSourcePreview(tools: Tools, members: number): Promise<Figure[]> {
  const bed = await openBed(tools, members)
  const server = await bed.serve('bench/serve.ts', 'source-preview', ['--expose-gc'])
  try {
    await connectCorp(server, bed)
    const { corpId } = bed.upstreamReady
    await server.ask('sync', { corpId })
    const { people, moved, ms, mb } = await server.ask<PreviewTimes>('previewSource', { corpId })
    const detail = `${moved} of them differ, a tenth by name`
    return [
      {
        name: `source preview of ${people} people`,
        measured: ms / 1000,
        unit: 's',
        target: { atMost: 10 },
        detail,
      },
      {
        name: 'source preview, memory',
        measured: mb,
        unit: 'MB',
        target: { atMost: 400 },
        detail: `RSS of the server at most, beside ${short(people)} members in memory`,
      },
    ]
  } finally {
    await server.stop()
    await bed.remove()
    await bed.close()
  }
}
