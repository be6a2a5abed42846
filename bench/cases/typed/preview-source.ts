import { readSourceFile } from '../../../server/features/source/read/file.ts'
import { makePreview } from '../../../server/features/source/runs/make-preview.ts'
import { addSource, knownSource } from '../../../server/features/source/set-source.ts'
import type { Server } from '../../../server/server.ts'

/** `mb`: how much the process grew at most meanwhile. */
export type PreviewTimes = { people: number; moved: number; ms: number; mb: number }

/** A preview of a table with everybody in the address book, of whom a tenth have another name and all are in another department. */
export async function previewSource({ ctx }: Server, corpId: string): Promise<PreviewTimes> {
  const fields = [
    ['name', '姓名'],
    ['departments', '部门'],
  ].map(([field = '', column = '']) => ({ field, column, owner: 'source' as const }))
  const id = await addSource(ctx, 'bench', corpId, 'file', { name: '人事', fields, departments: 'path' })
  const { members } = await ctx.mirrors.load(corpId)
  const lines = [...members.all()].map(({ userId, name }, n) =>
    [userId, n % 10 === 0 ? `${name}改` : name, `部门${n % 500}`].join(),
  )
  const bytes = Buffer.from(['工号,姓名,部门', ...lines].join('\n'))
  const source = await knownSource(ctx.db, corpId, id)
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  let most = before
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  const startedAt = performance.now()
  const reading = await readSourceFile(source.settings, bytes)
  const { counts } = await makePreview(ctx, source, reading, { actor: 'bench', nextAt: null })
  const ms = performance.now() - startedAt
  clearInterval(watching)
  return { people: counts.people, moved: counts.movers, ms, mb: (most - before) / 2 ** 20 }
}
