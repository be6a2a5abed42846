import type { Department } from '../corp/records.ts'
import { type Input, integer } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import { wireDepartment } from '../state/wire.ts'
import { type Call, type CallRequest, ok } from './call.ts'

/** department/* (docs/upstream/wecom-directory.md#departments). */
export const departmentCalls: readonly Call[] = [
  {
    method: 'GET',
    path: '/cgi-bin/department/list',
    token: 'any',
    closedIn2022: true,
    run: ask => {
      const { state } = ask.world
      return { ...ok, department: wanted(ask).map(item => wireDepartment(state, item)) }
    },
  },
  {
    method: 'GET',
    path: '/cgi-bin/department/simplelist',
    token: 'any',
    run: ask => ({
      ...ok,
      department_id: wanted(ask).map(({ id, parentid, order }) => ({ id, parentid, order })),
    }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/department/get',
    token: 'any',
    closedIn2022: true,
    run: ask => {
      const id = departmentId(ask, 'id')
      if (id === undefined) throw new WecomError(60123)
      return { ...ok, department: wireDepartment(ask.world.state, ask.world.state.departments.get(id)!) }
    },
  },
  {
    method: 'POST',
    path: '/cgi-bin/department/create',
    token: 'contact',
    run: ({ world, input }) => world.commit('department/create', input, 'contact'),
  },
  {
    method: 'POST',
    path: '/cgi-bin/department/update',
    token: 'contact',
    run: ({ world, input }) => world.commit('department/update', input, 'contact'),
  },
  {
    method: 'GET',
    path: '/cgi-bin/department/delete',
    token: 'contact',
    run: ({ world, input }) => world.commit('department/delete', withoutToken(input), 'contact'),
  },
]

/** The query of a GET without the access token, because the rest is written to the journal. */
export function withoutToken({ access_token: _, ...input }: Input): Input {
  return input
}

/**
 * The id of an existing department that the caller may see; undefined when the parameter is missing. Errors:
 * 60123, 60003, 60011.
 */
export function departmentId({ world, caller, input }: CallRequest, key: string): number | undefined {
  const id = integer(input, key, 60123)
  if (id === undefined) return undefined
  if (id < 1) throw new WecomError(60123)
  if (!world.state.departments.has(id)) throw new WecomError(60003)
  if (!caller.view.seesDepartment(id)) throw new WecomError(60011)
  return id
}

/** The requested department with everything below it, or every department that the caller sees. */
function wanted(ask: CallRequest): Department[] {
  const { state } = ask.world
  const { view } = ask.caller
  const id = departmentId(ask, 'id')
  if (id === undefined && view.all) return [...state.departments.values()]
  const roots = id === undefined ? view.roots : [id]
  return roots.flatMap(root => state.subtree(root)).map(item => state.departments.get(item)!)
}
