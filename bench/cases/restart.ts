import { type Bed, getTokens } from '../bed.ts'
import { type Child, memoryOf } from '../processes.ts'
import { type Figure, short } from '../report.ts'
import type { BenchAccess } from '../serve.ts'

/** From the start of the process on, in seconds. */
export type RestartFigures = {
  server: Child
  readyS: number
  personS: number
  wholeS: number
  memoryMb: number
}

type Developers = BenchAccess['developers']

/** Starts the server and at once asks for a person and for a page of all members, which takes the whole address book. */
export async function restart(bed: Bed, developers: Developers, userId: string): Promise<RestartFigures> {
  const startedAt = performance.now()
  const since = () => (performance.now() - startedAt) / 1000
  const server = await bed.serve('server/main.ts', 'restart')
  const readyS = since()
  const [devToken = ''] = await getTokens(server, developers.slice(0, 1))
  const ask = async (path: string, query: Record<string, string>) => {
    const search = new URLSearchParams({ devToken, ...query })
    const answer = await fetch(`${String(server.ready['ready'])}${path}?${search}`)
    const { retCode } = (await answer.json()) as { retCode: string }
    if (retCode !== '0') throw new Error(`${path} answered ${retCode}`)
    return since()
  }
  const page = { orgId: '1', fetchChild: '1', pageNo: '1', pageSize: '10' }
  const [wholeS, personS] = await Promise.all([
    ask('/api/user/orgUserList', page),
    ask('/api/user/get', { userId }),
  ])
  return { server, readyS, personS, wholeS, memoryMb: memoryOf(server.pid).nowMb }
}

/** `how`: with or without a snapshot. */
export function restartFigures(
  members: number,
  how: string,
  made: RestartFigures,
  target?: number,
): Figure[] {
  const { readyS, personS, wholeS, memoryMb } = made
  return [
    {
      name: `start to user/get at ${members} members, ${how}`,
      measured: personS,
      unit: 's',
      ...(target !== undefined && { target: { atMost: target } }),
      detail: `ready after ${short(readyS)} s`,
    },
    {
      name: `start to the whole address book at ${members} members, ${how}`,
      measured: wholeS,
      unit: 's',
      ...(target !== undefined && { target: { atMost: target } }),
      detail: `${short(memoryMb)} MB then`,
    },
  ]
}
