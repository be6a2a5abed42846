import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'
import { rowsOfRun, runsOf } from '../../server/features/source/runs/run-store.ts'
import { addSource, removeSource } from '../../server/features/source/set-source.ts'
import { managerBy } from '../admin-token.ts'
import type { Caller, World } from '../harness.ts'
import { until } from '../until.ts'
import type { FaultProxy } from './between.ts'

const example = resolve(import.meta.dirname, '../../examples/people.csv')

type Run = (args: string[], env: object) => Promise<{ code: number; out: string; error: string }>

/** Writes the export as a spreadsheet saves it, with one more line that is wrong, and returns its path. */
function writeExport(folder: string): string {
  const path = join(folder, 'people.csv')
  const lines = `${readFileSync(example, 'utf8')}坏,谁,,,,,在职\n`
  writeFileSync(path, `\uFEFF${lines.replaceAll('\n', '\r\n')}`)
  return path
}

/** Runs the program whose answers are lost, first that of the rows, then that of the preview; then once more. */
export async function expectPreview(
  { ctx, corpId, server }: World,
  dev: Caller,
  between: FaultProxy,
  folder: string,
  run: Run,
): Promise<void> {
  const settings = { name: ctx.newId(), status: '状态', developers: [dev.devId] }
  const id = await addSource(ctx, 'test', corpId, 'put', settings)
  const account = `examples-${id}`
  const { token } = await managerBy({ ctx, corpId, server }, { scopes: ['admin:directory'], corpId, account })
  const path = writeExport(folder)
  const ask = () => run([String(id), path], { ADMIN_TOKEN: token })
  const runs = () => runsOf(ctx.db, corpId, id, { limit: 9 })
  for (const passing of [0, 2]) {
    between.faults.push(...Array.from({ length: passing }, () => 'none' as const), 'lost answer')
    const { code } = await ask()
    expect([code === 0, between.faults]).toEqual([false, []])
  }
  await until('the preview whose answer was lost', async () => (await runs()).length === 1)

  const { code, out, error } = await ask()
  expect(code, error).toBe(0)
  expect(`${out}${error}`).toContain('坏')
  const [last, ...earlier] = await runs()
  expect([last?.state, earlier.map(one => one.state)]).toEqual(['preview', ['refused']])
  const { list, total } = await rowsOfRun(ctx.db, { corpId, id: last?.id ?? 0 }, {}, { limit: 200 })
  const joiners = list.filter(one => one.kind === 'join')
  expect(joiners.map(one => [one.key, one.fields.position?.[1]])).toEqual([
    ['R2026001', '组长'],
    ['R2026002', '专员'],
    ['R2026003', '专员, 兼培训'],
  ])
  const lines = list.map(({ kind, key, name }) => `${kind} ${key} ${name}`)
  const shown = out.trimEnd().split('\n')
  if (shown[0]?.startsWith('{'))
    expect(JSON.parse(shown.at(-1) ?? '')).toMatchObject({
      total,
      list: list.map(({ n, key }) => ({ n, key })),
    })
  else expect(shown).toEqual([`${last?.id} preview ${total}`, ...lines])
  await removeSource(ctx, 'test', corpId, id)
}
