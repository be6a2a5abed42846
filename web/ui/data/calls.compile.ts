import type { useAct } from './act.tsx'
import { api } from './api.ts'
import type { useRead } from './read.ts'

/*
 * Never run: `tsc -p web` fails where one of these lines begins to compile. The only file that may say @ts-expect-error
 * (test/rules.test.ts).
 */
export async function refusesPaths(read: typeof useRead, act: typeof useAct): Promise<void> {
  // @ts-expect-error: no such path.
  await api.get('/web/developers/lst')
  // @ts-expect-error: this path is a POST.
  await api.get('/web/developers/add', { name: '', listStyle: 'array' })
  // @ts-expect-error: this path is a GET.
  await api.post('/web/developers/list')
  // @ts-expect-error: no such path.
  read('/web/developers/lst')
  // @ts-expect-error: this path is a GET.
  act('/web/developers/list')
}

export async function refusesInputs(read: typeof useRead, act: typeof useAct): Promise<void> {
  // @ts-expect-error: devId is missing.
  await api.get('/web/developers/one')
  // @ts-expect-error: devId is missing.
  await api.get('/web/developers/one', {})
  // @ts-expect-error: misspelled.
  await api.get('/web/developers/one', { devID: 'wd1' })
  // @ts-expect-error: misspelled, and all that it takes is optional.
  await api.get('/web/developers/list', { serach: '' })
  // @ts-expect-error: not one of the choices.
  await api.get('/web/developers/usage', { devId: 'wd1', days: '8' })
  // @ts-expect-error: not a number.
  await api.get('/web/sync/run', { id: 'last' })
  // @ts-expect-error: devId is missing.
  read('/web/developers/one')
  // @ts-expect-error: misspelled.
  read('/web/developers/list', { serach: '' })
  // @ts-expect-error: flags are '0' and '1'.
  await act('/web/apps/enable').run({ id: 'a', enabled: true })
  const form = { name: '', listStyle: 'array' } as const
  // @ts-expect-error: departments are numbers here.
  await api.post('/web/developers/add', { ...form, dataScope: { departments: ['1'], tags: [] } })
}

export async function refusesAnswers(read: typeof useRead): Promise<unknown[]> {
  const one = await api.get('/web/developers/one', { devId: 'wd1' })
  // @ts-expect-error: no such field.
  const secret = one.devSecret
  // @ts-expect-error: times arrive as text.
  const year = one.createdAt.getTime()
  // @ts-expect-error: rows have no such field.
  const row = read('/web/developers/list').data?.list[0]?.lastUsed
  // @ts-expect-error: what is sent as ready bytes is declared too.
  const tile = (await api.get('/web/portal/workbench')).apps[0]?.title
  return [secret, year, row, tile]
}

/** And this is how they are asked. */
export async function compiles(read: typeof useRead, act: typeof useAct): Promise<string> {
  const { list, total } = await api.get('/web/developers/list', { pageNo: 1, enabled: '1', sort: undefined })
  const made = await act('/web/developers/add').run({
    name: '',
    listStyle: 'array',
    scopes: ['directory:read'],
  })
  const run = read('/web/sync/run', { id: total }, { every: one => (one?.state === 'done' ? false : 1000) })
  return `${list[0]?.createdAt.slice(0, 10)} ${made?.devSecret} ${run.data?.phase}`
}
